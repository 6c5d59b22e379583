using Elanus.Coordination;

namespace Elanus.Server.Tests.Cluster;

public sealed class NodeHealthTests
{
    private readonly PeerHub hub = new();
    private readonly InProcessStore store = new(TimeProvider.System);

    [Fact]
    public async Task An_active_that_reaches_neither_the_others_nor_the_arbiter_says_that_nothing_commits_and_does_not_serve()
    {
        await using var judge = new AwayArbiter(new(store));
        await using var first = new ClusterNode("active", hub, store) { Judge = judge };
        await using var second = await Joined(first, new(new(store)));
        Assert.Null(NodeHealth.WhyNothingCommits(first.Node.Replica!));
        Assert.True(NodeHealth.IsServing(first.Node, first.Node.Replica!));
        Assert.True(NodeHealth.IsServing(second.Node, second.Node.Replica!));
        judge.IsAway = true;
        hub.Loses = (_, _) => true;
        await ClusterNode.Until(() => !NodeHealth.IsServing(first.Node, first.Node.Replica!), () => "it serves");
        var health = NodeHealth.Of(first.Node);
        Assert.True(health.DeniesWrites);
        Assert.Contains("second in the in-sync set does not answer", Assert.Single(health.Reasons), StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_active_alone_without_its_arbiter_says_that_nothing_commits_and_serves_what_need_not_be_Strong()
    {
        await using var judge = new AwayArbiter(new(store));
        await using var first = new ClusterNode("active", hub, store) { Judge = judge };
        await first.Start();
        await ClusterNode.Until(() => first.Node.Active.IsCompletedSuccessfully, () => "no active");
        Assert.False(NodeHealth.Of(first.Node).DeniesWrites);
        judge.IsAway = true;
        await ClusterNode.Until(() => NodeHealth.Of(first.Node).DeniesWrites, () => "it says nothing");
        Assert.Contains("the arbiter that must confirm it does not answer or takes no change", Assert.Single(NodeHealth.Of(first.Node).Reasons), StringComparison.Ordinal);
        Assert.True(NodeHealth.IsServing(first.Node, first.Node.Replica!));
        judge.IsAway = false;
        await ClusterNode.Until(() => !NodeHealth.Of(first.Node).DeniesWrites, () => "it goes on saying so");
    }

    [Fact]
    public async Task A_standby_whose_active_is_gone_and_that_cannot_take_over_does_not_serve()
    {
        await using var judge = new AwayArbiter(new(store));
        await using var first = new ClusterNode("active", hub, store);
        await using var second = await Joined(first, judge);
        Assert.True(NodeHealth.Of(second.Node) is { IsHealthy: true, IsStandby: true });
        judge.IsAway = true;
        await first.Stop();
        await ClusterNode.Until(() => !NodeHealth.IsServing(second.Node, second.Node.Replica!), () => "it serves");
        var health = NodeHealth.Of(second.Node);
        Assert.True(health is { IsHealthy: false, IsStandby: true });
        Assert.Contains("has not heard the active node active", Assert.Single(health.Reasons), StringComparison.Ordinal);
    }

    private async Task<ClusterNode> Joined(ClusterNode first, AwayArbiter judge)
    {
        await first.Start();
        await ClusterNode.Until(() => first.Node.Active.IsCompletedSuccessfully, () => "no active");
        var second = new ClusterNode("second", hub, store) { Judge = judge };
        await second.Start();
        await ClusterNode.Until(() => first.State.InSync.Length == 2 && first.Node.Replica!.Peers.All(peer => peer.IsHeard), () => "it does not join");
        return second;
    }
}
