using Elanus.Coordination;
using Elanus.Primitives;
using Elanus.Roles;

namespace Elanus.Server.Tests.Cluster;

/// <summary>An active that is alone in its set when its arbiter goes away: it serves what need not be Strong, and what it cannot commit has a bound.</summary>
public sealed class ArbiterLostTests
{
    private const string Books = "books";
    private const string Drawn = "drawn";

    private readonly PeerHub hub = new();
    private readonly ShiftedTime time = new();

    [Fact]
    public async Task Bounded_reads_are_answered_long_after_the_last_record()
    {
        await using var judge = Judge();
        await using var node = await Alone(judge);
        time.Shift(TimeSpan.FromMinutes(1));
        using var bound = new CancellationTokenSource(TimeSpan.FromSeconds(20));
        Assert.Equal(1, await Count(node, ConsistencyLevel.Bounded, bound.Token));
        using var soon = new CancellationTokenSource(TimeSpan.FromMilliseconds(300));
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => Count(node, ConsistencyLevel.Strong, soon.Token));

        // What a session has seen may be of a history that an operator forced elsewhere.
        using var later = new CancellationTokenSource(TimeSpan.FromMilliseconds(300));
        var seen = Timestamp.FromTime(time.GetUtcNow());
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => Count(node, ConsistencyLevel.Session, later.Token, seen));
    }

    [Fact]
    public async Task A_write_that_cannot_be_committed_is_let_go_of_when_its_caller_gives_up_and_takes_effect_later()
    {
        await using var judge = Judge();
        await using var node = await Alone(judge);
        using var soon = new CancellationTokenSource(TimeSpan.FromMilliseconds(300));
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => node.Proxy.Writes.Insert(NodeWorld.Rows(Books, [2]), soon.Token).WaitAsync(TimeSpan.FromSeconds(20)));
        Assert.Equal(1, await Count(node, ConsistencyLevel.Bounded, default));
        judge.IsAway = false;
        await ClusterNode.Until(() => Count(node, ConsistencyLevel.Strong, default).GetAwaiter().GetResult() == 2, () => "it does not take effect");
    }

    [Fact]
    public async Task What_waits_for_consent_has_a_bound_beyond_which_writes_are_refused()
    {
        await using var judge = Judge();
        await using var node = await Alone(judge, queueBytes: 20_000);
        var waiting = new List<Task<Result<WriteAnswer>>>();
        for (var row = 2; row < 60; row++)
        {
            waiting.Add(node.Proxy.Writes.Insert(NodeWorld.Rows(Books, [row]), default));
        }

        await ClusterNode.Until(() => waiting.Count(write => write.IsCompleted) >= waiting.Count - 40, () => "those beyond the bound are not refused");
        var first = await waiting.Find(write => write.IsCompleted)!;
        Assert.Equal(FailureCode.TooManyRequests, first.Failure?.Code);
        Assert.Contains("wait for their commit", first.Failure!.Sentence, StringComparison.Ordinal);
        judge.IsAway = false;
        var done = await Task.WhenAll(waiting);
        Assert.InRange(done.Count(write => write.Succeeded), 20, 40);
        Assert.Equal(1 + done.Count(write => write.Succeeded), await Count(node, ConsistencyLevel.Strong, default));
    }

    [Fact]
    public async Task Strong_reads_that_were_given_up_have_a_bound_too()
    {
        await using var judge = Judge();
        await using var node = await Alone(judge);
        var log = node.Node.Replica!;
        Result<LogPosition> last = default;
        for (var read = 0; read < 12_000 && last.Failure is null; read++)
        {
            using var soon = new CancellationTokenSource();
            var asked = log.ConfirmAsync(soon.Token).AsTask();
            await soon.CancelAsync();
            await Task.WhenAny(asked);
            last = asked.IsCompletedSuccessfully ? await asked : default;
        }

        Assert.Equal(FailureCode.TooManyRequests, last.Failure?.Code);
        judge.IsAway = false;
        using var bound = new CancellationTokenSource(TimeSpan.FromSeconds(20));
        await ClusterNode.Until(() => log.ConfirmAsync(bound.Token).AsTask().GetAwaiter().GetResult().Succeeded, () => "they are never answered");
        Assert.Equal(1, await Count(node, ConsistencyLevel.Strong, bound.Token));
    }

    [Fact]
    public async Task An_insert_that_waits_for_ids_is_let_go_of_when_its_caller_gives_up_and_refused_when_they_do_not_come()
    {
        await using var judge = Judge();
        await using var node = await Alone(judge, oneIdLeft: true);
        var rows = NodeWorld.Rows(Drawn, [1, 2]);
        rows = rows with { Columns = [.. rows.Columns.Skip(1)] };
        using var soon = new CancellationTokenSource(TimeSpan.FromMilliseconds(300));
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => node.Proxy.Writes.Insert(rows, soon.Token).WaitAsync(TimeSpan.FromSeconds(20)));

        var waiting = Enumerable.Range(0, 3).Select(_ => node.Proxy.Writes.Insert(rows, default)).ToList();
        foreach (var refused in await Task.WhenAll(waiting).WaitAsync(TimeSpan.FromSeconds(20)))
        {
            Assert.Equal(FailureCode.TooManyRequests, refused.Failure?.Code);
            Assert.Contains("ids", refused.Failure!.Sentence, StringComparison.Ordinal);
        }

        // The reservation stands, and nobody has to make it again.
        judge.IsAway = false;
        var done = await Task.WhenAll(Enumerable.Range(0, 3).Select(_ => node.Proxy.Writes.Insert(rows, default))).WaitAsync(TimeSpan.FromSeconds(20));
        Assert.Equal(6, done.SelectMany(write => write.Value.Ids!.As<long>().ToArray()).Distinct().Count());
        Assert.Equal(6, await Count(node, ConsistencyLevel.Strong, default, collection: Drawn));
    }

    private static AwayArbiter Judge() => new(new(new InProcessStore(TimeProvider.System)));

    private async Task<ClusterNode> Alone(AwayArbiter judge, long queueBytes = 1 << 20, bool oneIdLeft = false)
    {
        var node = new ClusterNode("first", hub, new InProcessStore(TimeProvider.System)) { Judge = judge, Time = time, QueueBytes = queueBytes };
        await node.Start();
        await node.Node.Active;
        foreach (var name in oneIdLeft ? [Books, Drawn] : new[] { Books })
        {
            _ = (await node.Proxy.Collections.Create(NodeWorld.Database, NodeWorld.Draft(name, autoId: name == Drawn), default)).Value;
            _ = (await node.Proxy.Indexes.Create(NodeWorld.Database, name, new("vec", "", [new("index_type", "FLAT"), new("metric_type", "L2")]), default)).Value;
            _ = (await node.Proxy.Loading.Load(NodeWorld.Database, name, [], 1, [], default)).Value;
        }

        if (oneIdLeft)
        {
            // More than what is left of the first reservation, and one less than a second one has.
            _ = (await node.Proxy.Context.Ids.Allocate((1 << 24) - 1, default)).Value;
        }

        Assert.True((await node.Proxy.Writes.Insert(NodeWorld.Rows(Books, [1]), default)).Succeeded);
        judge.IsAway = true;
        return node;
    }

    private static async Task<long> Count(ClusterNode node, ConsistencyLevel level, CancellationToken cancel, Timestamp guarantee = default, string collection = Books)
    {
        var found = await node.Proxy.Queries.Query(
            new() { Database = NodeWorld.Database, Collection = collection, Filter = "id >= 0", OutputFields = ["count(*)"], Consistency = level, Guarantee = guarantee }, cancel);
        return found.Value.Rows.Find(found.Value.Fields[0].Id)!.As<long>()[0];
    }
}
