using Elanus.Coordination;
using Elanus.Replication;

namespace Elanus.Server.Tests.Cluster;

/// <summary>What an operator hears of a wish, from the thing itself and not from sentences that happen to follow it.</summary>
public sealed class ClusterOperationsTests
{
    private readonly PeerHub hub = new();
    private readonly InProcessStore arbiter = new(TimeProvider.System);
    private readonly List<string> calls = [];

    [Fact]
    public async Task A_switchover_to_nobody_is_refused_by_the_replica_itself_however_much_it_has_said_before()
    {
        await using var first = new ClusterNode("first", hub, arbiter);
        await first.Start();
        await first.Node.Active;
        var operations = Operations(first);
        for (var i = 0; i < 20; i++)
        {
            // More often than sentences are kept.
            var refused = await operations.Switchover(null, CancellationToken.None);
            Assert.False(refused.Done);
            Assert.Equal("no other member is in sync: there is nobody to hand over to", refused.Sentence);
        }

        Assert.Equal(Enumerable.Repeat(new[] { "held", "answered" }, 20).SelectMany(both => both), calls);
        Assert.True(first.State.IsActive);
        Assert.True((await operations.Promote(CancellationToken.None)).Done);
    }

    [Fact]
    public async Task A_switchover_is_done_when_the_other_has_claimed_and_its_steps_are_known()
    {
        await using var first = new ClusterNode("first", hub, arbiter);
        await first.Start();
        await first.Node.Active;
        await using var second = new ClusterNode("second", hub, arbiter);
        await second.Start();
        await ClusterNode.Until(() => first.State.InSync.Length == 2, () => "the second is not in sync");

        Assert.True((await Operations(first).Switchover(null, CancellationToken.None)).Done);
        Assert.True(await first.Node.Death is EpochOverException { IsOvertaken: true, NeedsOperator: false });
        Assert.Equal(["asked", "calls drained", "successor asked", "overtaken"], first.Node.Replica!.HandOverSteps.Done.Select(step => step.Step));
        await second.Node.Active;
        var steps = second.Node.Replica!.Takeover.Done;
        Assert.Equal(
            ["claim sent", "claimed", "fence durable", "confirmation asked", "fence committed", "fence applied", "definitions settled", "roles active"],
            steps.Select(step => step.Step).Where(step => step != "promised"));
        Assert.True(steps.Zip(steps.Skip(1)).All(pair => pair.First.Ms <= pair.Second.Ms));
    }

    private ClusterOperations Operations(ClusterNode of) => new(
        of.Node,
        of.Node.Replica!,
        () =>
        {
            calls.Add("held");
            return Task.CompletedTask;
        },
        () => calls.Add("answered"),
        TimeProvider.System);
}
