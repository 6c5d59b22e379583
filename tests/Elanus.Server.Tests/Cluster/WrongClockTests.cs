using Elanus.Coordination;
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

    private static Task Serves(ClusterNode node) => ClusterNode.Until(() => node.Node.Active.IsCompletedSuccessfully, () => $"no active: {string.Join("; ", node.State.Sentences)}");

    private static async Task<long> Count(ClusterNode node, ConsistencyLevel level, Timestamp guarantee)
    {
        var found = await node.Proxy.Queries.Query(
            new() { Database = NodeWorld.Database, Collection = Books, Filter = "id >= 0", OutputFields = ["count(*)"], Consistency = level, Guarantee = guarantee }, default);
        return found.Value.Rows.Find(found.Value.Fields[0].Id)!.As<long>()[0];
    }
}
