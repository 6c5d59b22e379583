using Elanus.Coordination;
using Elanus.Log;
using Elanus.Primitives;
using Elanus.Roles;

namespace Elanus.Server.Tests;

/// <summary>A pair one of whose clocks is an hour off: either way nothing is lost, and time goes on forwards.</summary>
public sealed class WrongClockTests
{
    private const string Books = "books";

    private readonly PeerHub hub = new();
    private readonly InProcessStore arbiter = new(TimeProvider.System);

    [Theory]
    [InlineData(60)]
    [InlineData(-60)]
    public async Task A_clock_that_is_an_hour_off_loses_nothing_over_a_failover_and_back(int minutes)
    {
        var off = new ShiftedTime();
        off.Shift(TimeSpan.FromMinutes(minutes));
        await using var first = new ClusterNode("first", hub, arbiter);
        await using var second = new ClusterNode("second", hub, arbiter) { Time = off };
        await first.Start();
        await Serves(first);
        _ = (await first.Proxy.Collections.Create(NodeWorld.Database, NodeWorld.Draft(Books), default)).Value;
        _ = (await first.Proxy.Indexes.Create(NodeWorld.Database, Books, new("vec", "", [new("index_type", "FLAT"), new("metric_type", "L2")]), default)).Value;
        _ = (await first.Proxy.Loading.Load(NodeWorld.Database, Books, [], 1, [], default)).Value;
        await second.Start();
        var last = default(Timestamp);
        var written = 0;
        foreach (var (active, standby) in new[] { (first, second), (second, first), (first, second) })
        {
            await Serves(active);
            await ClusterNode.Until(() => active.State.InSync.Length == 2, () => $"not in sync: {string.Join("; ", active.State.Sentences)}");
            for (var i = 0; i < 5; i++)
            {
                var answer = (await active.Proxy.Writes.Insert(NodeWorld.Rows(Books, [written++]), default)).Value;
                Assert.True(answer.Timestamp > last, $"{answer.Timestamp} does not lie behind {last}");
                last = answer.Timestamp;
            }

            foreach (var level in new[] { ConsistencyLevel.Strong, ConsistencyLevel.Bounded, ConsistencyLevel.Session })
            {
                Assert.Equal(written, await Count(active, level, last));
            }

            await active.Stop();
            await Serves(standby);
            Assert.Equal(written, await Count(standby, ConsistencyLevel.Strong, last));
            await active.Start();
        }
    }

    [Fact]
    public async Task A_session_read_of_an_active_that_was_overtaken_by_a_node_whose_clock_is_ahead_is_not_refused_for_good()
    {
        var ahead = new ShiftedTime();
        ahead.Shift(TimeSpan.FromMinutes(60));
        await using var judge = new AwayArbiter(new(arbiter));
        await using var first = new ClusterNode("first", hub, arbiter) { Judge = judge };
        await using var second = new ClusterNode("second", hub, arbiter) { Time = ahead };
        await first.Start();
        await Serves(first);
        _ = (await first.Proxy.Collections.Create(NodeWorld.Database, NodeWorld.Draft(Books), default)).Value;
        _ = (await first.Proxy.Indexes.Create(NodeWorld.Database, Books, new("vec", "", [new("index_type", "FLAT"), new("metric_type", "L2")]), default)).Value;
        _ = (await first.Proxy.Loading.Load(NodeWorld.Database, Books, [], 1, [], default)).Value;
        await second.Start();
        await ClusterNode.Until(() => first.State.InSync.Length == 2, () => $"not in sync: {string.Join("; ", first.State.Sentences)}");
        hub.Loses = (_, _) => true;
        judge.IsAway = true;
        await Serves(second);
        var seen = (await second.Proxy.Writes.Insert(NodeWorld.Rows(Books, [1]), default)).Value.Timestamp;

        var reading = first.Proxy.Queries.Query(
            new() { Database = NodeWorld.Database, Collection = Books, Filter = "id >= 0", OutputFields = ["count(*)"], Consistency = ConsistencyLevel.Session, Guarantee = seen }, default);
        hub.Loses = (_, _) => false;
        judge.IsAway = false;

        // Clients are told the same as by a Strong read there: the call may be repeated.
        Assert.Contains("has been claimed", (await Assert.ThrowsAsync<LogDeadException>(() => reading)).Message, StringComparison.Ordinal);
    }

    private static Task Serves(ClusterNode node) => ClusterNode.Until(() => node.Node.Active.IsCompletedSuccessfully, () => $"no active: {string.Join("; ", node.State.Sentences)}");

    private static async Task<long> Count(ClusterNode node, ConsistencyLevel level, Timestamp guarantee)
    {
        var found = await node.Proxy.Queries.Query(
            new() { Database = NodeWorld.Database, Collection = Books, Filter = "id >= 0", OutputFields = ["count(*)"], Consistency = level, Guarantee = guarantee }, default);
        return found.Value.Rows.Find(found.Value.Fields[0].Id)!.As<long>()[0];
    }
}
