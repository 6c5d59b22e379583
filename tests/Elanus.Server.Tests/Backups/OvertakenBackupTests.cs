using Elanus.Coordination;
using Elanus.Primitives;

namespace Elanus.Server.Tests;

public sealed class OvertakenBackupTests
{
    [Fact]
    public async Task An_active_that_another_node_has_overtaken_gives_no_backup()
    {
        var (hub, arbiter) = (new PeerHub(), new InProcessStore(TimeProvider.System));
        var judge = new AwayArbiter(new(arbiter));
        await using var first = new ClusterNode("active", hub, arbiter) { LogSegmentBytes = 4 << 20, Judge = judge };
        await first.Start();
        await ClusterNode.Until(() => first.Node.Active.IsCompletedSuccessfully, () => "no active");
        Assert.True((await first.Proxy.Collections.Create(NodeWorld.Database, NodeWorld.Draft("c"), default)).Succeeded);
        await using var second = new ClusterNode("second", hub, arbiter) { LogSegmentBytes = 4 << 20 };
        await second.Start();
        await ClusterNode.Until(() => first.State.InSync.Length == 2, () => "the second is not in sync");
        (await first.Node.PlanBackup(default)).Value.Dispose();

        // The first hears of nobody, and has not noticed yet.
        judge.IsAway = true;
        hub.Loses = (_, _) => true;
        var planning = first.Node.PlanBackup(default);
        await ClusterNode.Until(() => second.Node.Active.IsCompletedSuccessfully, () => $"no takeover: {string.Join("; ", second.State.Sentences)}");
        var early = planning.IsCompleted ? (await planning).Failure?.Sentence ?? "an active that was overtaken gave a backup" : "";
        Assert.DoesNotContain("gave a backup", early, StringComparison.Ordinal);
        judge.IsAway = false;
        hub.Loses = (_, _) => false;
        Assert.Contains("cannot be confirmed that this node is still the active", (await planning).Failure!.Sentence, StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_active_that_can_commit_nothing_says_so_in_time_and_keeps_nothing_for_the_backup()
    {
        var arbiter = new InProcessStore(TimeProvider.System);
        var judge = new AwayArbiter(new(arbiter));
        var time = new ShiftedTime { Quick = StandaloneNode.ConfirmPatience };
        await using var node = new ClusterNode("active", new PeerHub(), arbiter) { Judge = judge, Time = time };
        await node.Start();
        await ClusterNode.Until(() => node.Node.Active.IsCompletedSuccessfully, () => "no active");
        Assert.True((await node.Proxy.Collections.Create(NodeWorld.Database, NodeWorld.Draft("c"), default)).Succeeded);
        judge.IsAway = true;

        // The moment of the backup needs a record.
        time.Shift(TimeSpan.FromMinutes(1));
        var pinned = node.Node.Committed;
        var refused = await node.Node.PlanBackup(default).WaitAsync(TimeSpan.FromSeconds(20), TimeProvider.System);
        Assert.Contains("cannot be confirmed that this node is still the active", refused.Failure!.Sentence, StringComparison.Ordinal);
        judge.IsAway = false;
        for (var id = 0; node.Node.Log.Front <= pinned; id += 1000)
        {
            Assert.True(id < 50_000, $"the log is kept from {node.Node.Log.Front} on, for the backup from {pinned} on");
            Assert.True((await node.Proxy.Writes.Insert(NodeWorld.Rows("c", [.. Enumerable.Range(id, 1000).Select(row => (long)row)]), default)).Succeeded);
            Assert.True((await node.Node.Roles.Checkpoints.Take(default)).Succeeded);
        }
    }
}
