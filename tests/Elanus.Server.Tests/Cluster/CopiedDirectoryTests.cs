using Elanus.Coordination;
using Elanus.Primitives;

namespace Elanus.Server.Tests;

/// <summary>A data directory that was copied: two of them are one member, and only one of them holds what was acknowledged since.</summary>
public sealed class CopiedDirectoryTests
{
    private readonly PeerHub hub = new();
    private readonly InProcessStore arbiter = new(TimeProvider.System);

    [Fact]
    public async Task A_copy_that_its_original_has_gone_on_from_is_refused_and_the_original_goes_on()
    {
        await using var original = new ClusterNode("node", hub, arbiter);
        await original.Start();
        await Serves(original);
        await original.Stop();
        await using var copy = new Copy(original, hub, arbiter);
        await original.Start();
        await Serves(original);

        for (var tries = 0; tries < 2; tries++)
        {
            Assert.Contains("is a copy, or was copied", await copy.Refusal(), StringComparison.Ordinal);
        }

        await original.Stop();
        Assert.Contains("empty it", await copy.Refusal(), StringComparison.Ordinal);
        await original.Start();
        await Serves(original);
    }

    [Fact]
    public async Task A_copy_of_a_running_node_is_refused_with_where_it_runs_and_nothing_is_noted_of_it()
    {
        await using var original = new ClusterNode("node", hub, arbiter) { Address = "host-1:19530" };
        await original.Start();
        await Serves(original);
        await using var copy = new Copy(original, hub, arbiter, (address, node, _) => address == "host-1:19530" && node == original.Node.Node);
        Assert.Contains("is running at host-1:19530", await copy.Refusal(), StringComparison.Ordinal);
        await original.Stop();
        await original.Start();
        await Serves(original);
    }

    [Fact]
    public async Task A_copy_is_refused_where_its_running_original_answers_late_and_leaves_questions_without_an_answer()
    {
        await using var original = new ClusterNode("node", hub, arbiter) { Address = "host-1:19530" };
        await original.Start();
        await Serves(original);
        var asked = 0;
        await using var copy = new Copy(original, hub, arbiter, (_, _, cancel) =>
        {
            // The arbiter's patience is not this question's: when it ended, the start ended with it and said nothing.
            Assert.False(cancel.CanBeCanceled);
            return ++asked == 3;
        });
        Assert.Contains("is running at host-1:19530", await copy.Refusal(), StringComparison.Ordinal);
        Assert.Equal(3, asked);
    }

    [Fact]
    public async Task A_start_waits_for_an_arbiter_that_is_away_and_a_copy_is_found_out_then()
    {
        await using var judge = new AwayArbiter(new(arbiter));
        await using var original = new ClusterNode("node", hub, arbiter);
        await original.Start();
        await Serves(original);
        await original.Stop();
        await using var copy = new ClusterNode("node", hub, arbiter) { Files = original.Files.CrashImage(new SeededRandom(5)), Address = "elsewhere", Judge = judge };
        await original.Start();
        await Serves(original);
        judge.IsAway = true;
        var starting = copy.TryStart();
        await ClusterNode.Until(() => judge.Asked > 60 || starting.IsCompleted, () => "the arbiter is not asked");
        Assert.False(starting.IsCompleted, "it started unchecked");
        judge.IsAway = false;
        Assert.Contains("is a copy, or was copied", (await starting).Failure?.Sentence, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_directory_that_moved_to_another_host_goes_on()
    {
        await using var original = new ClusterNode("node", hub, arbiter) { Address = "host-1:19530" };
        await original.Start();
        await Serves(original);
        await original.Stop();
        await using var moved = new ClusterNode("node", hub, arbiter) { Address = "host-2:19530", Files = original.Files, IsRunningAt = (_, _, _) => false };
        await moved.Start();
        await Serves(moved);
        Assert.Equal("host-2:19530", moved.State.Active!.Address);
        await moved.Stop();
        await original.Start();
        await Serves(original);
    }

    private static Task Serves(ClusterNode node) => ClusterNode.Until(() => node.Node.Active.IsCompletedSuccessfully, () => $"no active: {string.Join("; ", node.State.Sentences)}");

    private sealed class Copy(ClusterNode original, PeerHub hub, InProcessStore arbiter, Func<string, NodeId, CancellationToken, bool>? isRunningAt = null) : IAsyncDisposable
    {
        private readonly ClusterNode node = new("node", hub, arbiter) { Files = original.Files.CrashImage(new SeededRandom(5)), Address = "elsewhere", IsRunningAt = isRunningAt };

        public async Task<string> Refusal() => (await node.TryStart()).Failure?.Sentence ?? "it started";

        public ValueTask DisposeAsync() => node.DisposeAsync();
    }
}
