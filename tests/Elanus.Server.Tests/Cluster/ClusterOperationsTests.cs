using Elanus.Coordination;
using Elanus.Log;
using Elanus.Primitives;
using Elanus.Replication;
using Elanus.Server.Operations.Protocol;

namespace Elanus.Server.Tests.Cluster;

/// <summary>What an operator hears of a wish, from the thing itself and not from sentences that happen to follow it.</summary>
public sealed class ClusterOperationsTests
{
    private readonly PeerHub hub = new();
    private readonly InProcessStore arbiter = new(TimeProvider.System);
    private readonly List<string> calls = [];
    private readonly List<string> holdings = [];
    private readonly Dictionary<string, NodeStatus?> answering = [];

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

    [Fact]
    public async Task A_second_switchover_and_a_promotion_of_the_active_leave_the_first_switchover_alone()
    {
        await using var first = new ClusterNode("first", hub, arbiter);
        await first.Start();
        await first.Node.Active;
        await using var second = new ClusterNode("second", hub, arbiter);
        await second.Start();
        await ClusterNode.Until(() => first.State.InSync.Length == 2, () => "the second is not in sync");
        var asked = 0;
        hub.Loses = (_, kind) => kind == "TakeOver" && Interlocked.Increment(ref asked) > 0;
        var operations = Operations(first);
        var leaving = operations.Switchover(null, CancellationToken.None);
        await ClusterNode.Until(() => Volatile.Read(ref asked) > 0, () => "nobody is asked to take over");

        var again = await operations.Switchover(new(12345), CancellationToken.None);
        Assert.False(again.Done);
        Assert.Contains("under way", again.Sentence, StringComparison.Ordinal);
        Assert.True((await operations.Promote(CancellationToken.None)).Done);
        Assert.Equal(["held"], calls);
        hub.Loses = (_, _) => false;
        Assert.True((await leaving).Done);
    }

    [Fact]
    public async Task Of_two_members_that_are_taken_out_at_once_one_stays_where_a_write_needs_it()
    {
        await using var first = new ClusterNode("first", hub, arbiter) { MinInSync = 1 };
        await using var second = new ClusterNode("second", hub, arbiter) { MinInSync = 1 };
        await using var third = new ClusterNode("third", hub, arbiter) { MinInSync = 1 };
        await first.Start();
        await second.Start();
        await third.Start();
        await ClusterNode.Until(() => first.State is { IsActive: true, InSync.Length: 3 }, () => "they are not in sync");
        var operations = Operations(first);
        var outcomes = await Waits.All(new[] { second, third }.Select(node => operations.Remove(node.Node.Node, force: false, CancellationToken.None)).ToList());
        Assert.Equal([true, false], outcomes.Select(outcome => outcome.Done));
        Assert.Contains("a write needs 2", outcomes[1].Sentence, StringComparison.Ordinal);
        Assert.Equal(2, first.State.InSync.Length);
    }

    [Theory]
    [InlineData(false, "was not reached")]
    [InlineData(true, "held 12 records, 10 of them committed as it knew, under epoch 1")]
    public async Task A_node_outside_the_set_that_hears_nothing_asks_the_arbiter_and_says_what_the_others_hold_before_it_is_forced(bool answers, string holding)
    {
        await using var first = new ClusterNode("first", hub, arbiter);
        await first.Start();
        await first.Node.Active;
        await using var second = new ClusterNode("second", hub, arbiter) { SilenceMs = 200 };
        await second.Start();
        await ClusterNode.Until(() => second.State.InSync.Length == 2, () => "the second is not in sync");
        Assert.True((await Operations(first).Remove(second.Node.Node, force: false, CancellationToken.None)).Done);
        await ClusterNode.Until(() => second.State.InSync.Length == 1, () => "the second does not know that it is out");
        hub.Loses = (_, _) => true;
        await ClusterNode.Until(() => second.Node.Replica!.Silence > TimeSpan.FromMilliseconds(600), () => "the second still hears the first");
        var refused = await Operations(second).Promote(CancellationToken.None);
        Assert.False(refused.Done);
        Assert.Contains("tells the arbiter that it lives", refused.Sentence, StringComparison.Ordinal);
        Assert.True(first.State.IsActive);

        await first.DisposeAsync();
        var active = second.State.InSync.Single();
        answering[active.Address] = answers ? new() { Node = active.Node.ToString(), Epoch = 1, Durable = 12, Committed = 10 } : null;
        var forced = await Operations(second).Promote(CancellationToken.None);
        while (forced.Sentence.Contains("the active still answers", StringComparison.Ordinal))
        {
            // A process that stood still just now takes the silence for its own.
            forced = await Operations(second).Promote(CancellationToken.None);
        }

        Assert.True(forced.Done, forced.Sentence);
        Assert.Contains($"node {active.Node} at {active.Address} {holding}", forced.Sentence, StringComparison.Ordinal);
        Assert.Contains(holdings[^1], forced.Sentence, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_write_that_waits_for_a_switchover_is_refused_with_the_log_that_was_left_and_a_change_ends_with_it()
    {
        await using var first = new ClusterNode("first", hub, arbiter);
        await first.Start();
        await first.Node.Active;
        Assert.True((await first.Proxy.Collections.Create(NodeWorld.Database, NodeWorld.Draft("c"), default)).Succeeded);
        await using var second = new ClusterNode("second", hub, arbiter);
        await second.Start();
        await ClusterNode.Until(() => first.State.InSync.Length == 2, () => "the second is not in sync");
        var asked = 0;
        hub.Loses = (_, kind) => kind == "TakeOver" && Interlocked.Increment(ref asked) > 0;
        var leaving = first.Node.Replica!.HandOver(null);
        await ClusterNode.Until(() => Volatile.Read(ref asked) > 0, () => "nobody is asked to take over");
        var late = first.Proxy.Writes.Insert(NodeWorld.Rows("c", [1]), default);
        var port = new ClientPort(first.Node);
        var clients = port.Whole("Insert", InsertRequests.Row("c", 2, "a"));
        var rests = port.WholeRest("entities/insert", """{"collectionName":"c","data":[{"id":3,"text":"a","vec":[1,2]}]}""");
        var change = first.Proxy.Collections.Create(NodeWorld.Database, NodeWorld.Draft("d"), default);
        Assert.False(late.IsCompleted || clients.IsCompleted || rests.IsCompleted || change.IsCompleted);
        hub.Loses = (_, _) => false;
        await leaving;
        await first.Node.Death;
        var since = TimeProvider.System.GetTimestamp();

        // A write is one record, and it was not appended; of a change a part may stand.
        var refused = (await late).Failure!;
        Assert.Equal(FailureCode.NotReady, refused.Code);
        Assert.Contains("nothing was written", refused.Sentence, StringComparison.Ordinal);
        await Assert.ThrowsAsync<LogDeadException>(() => change);
        Assert.Equal(("14", "1"), ((await clients).Response.Headers["grpc-status"].ToString(), (await clients).Response.Headers[ForwardingHeaders.NotActive].ToString()));
        Assert.Equal((503, "1"), ((await rests).Response.StatusCode, (await rests).Response.Headers[ForwardingHeaders.NotActive].ToString()));
        Assert.InRange(TimeProvider.System.GetElapsedTime(since), TimeSpan.Zero, TimeSpan.FromSeconds(2));
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
        (address, _) => Task.FromResult(answering.GetValueOrDefault(address)),
        holdings.Add,
        TimeProvider.System);
}
