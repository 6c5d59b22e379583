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
}
