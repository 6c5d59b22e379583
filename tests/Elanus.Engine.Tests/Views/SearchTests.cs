using Elanus.Primitives;
using Elanus.Vectors;

namespace Elanus.Engine.Tests;

public class SearchTests
{
    private static readonly float[] Origin = [0, 0, 0, 0];

    [Fact]
    public async Task Bounds_cut_as_the_metric_says()
    {
        await using var node = Filled(seal: true);
        var all = await node.Search(Origin, 1000);
        var near = await Hits(node, Node.Spec(Origin, 1000) with { Radius = 5, RangeFilter = 2 });
        Assert.Equal(all.Where(h => h.Score is >= 2 and < 5), near);
        var alike = await Hits(node, Node.Spec([1, 1, 1, 1], 1000, MetricType.Ip) with { Radius = 3, RangeFilter = 6 });
        Assert.Equal((await node.Search([1, 1, 1, 1], 1000, MetricType.Ip)).Where(h => h.Score is <= 6 and > 3), alike);
    }

    [Theory]
    [InlineData(MetricType.L2, 1)]
    [InlineData(MetricType.L2, 7)]
    [InlineData(MetricType.Ip, 3)]
    public async Task An_iterator_meets_every_hit_once_in_order(MetricType metric, int page)
    {
        await using var node = Filled(seal: false);
        var all = await node.Search([1, 0, 2, 0], 1000, metric);
        var met = new List<(long Key, float Score)>();
        IteratorBound? after = null;
        while (true)
        {
            var hits = await Hits(node, Node.Spec([1, 0, 2, 0], page, metric) with { After = after });
            if (hits.Count == 0)
            {
                break;
            }

            met.AddRange(hits);
            after = new(hits[^1].Score, FieldValue.Of(hits[^1].Key));
        }

        Assert.Equal(all, met);
        Assert.Equal(
            all.Where(h => metric == MetricType.L2 ? h.Score > all[2].Score : h.Score < all[2].Score).Take(5),
            await Hits(node, Node.Spec([1, 0, 2, 0], 5, metric) with { After = new(all[2].Score) }));
    }

    [Theory]
    [InlineData(1, false)]
    [InlineData(3, true)]
    [InlineData(200, true)]
    public async Task Groups_are_the_best_values_each_with_its_best_hits(int size, bool strict)
    {
        await using var node = Filled(seal: true);
        using var view = node.Open();
        var found = (await view.Search(Node.Spec(Origin, 3) with { Group = new(Sample.Text, size, strict) }, CancellationToken.None)).Value;

        var all = await node.Search(Origin, 1000);
        var texts = (await node.Rows()).ToDictionary(r => r.Key, r => r.Number % 5 == 0 ? null : $"t{r.Number % 3}");
        var expected = all.GroupBy(h => texts[h.Key] ?? "null").Take(3).SelectMany(g => g.Take(size)).ToList();
        Assert.Equal(expected, [.. Node.Keys(found.Keys).Zip(found.Scores)]);
        Assert.Equal(
            expected.Select(h => texts[h.Key]),
            Enumerable.Range(0, found.Groups!.Rows).Select(i => found.Groups.IsValid(i) ? System.Text.Encoding.UTF8.GetString(found.Groups.Bytes(i)) : null));
    }

    [Fact]
    public async Task Growing_rows_can_be_left_out()
    {
        await using var node = Filled(seal: true).Apply(Sample.Insert(Sample.P1, (9001, 0)));
        Assert.Equal(9001, (await node.Search(Origin, 1, filter: "id > 9000"))[0].Key);
        Assert.Empty(await Hits(node, Node.Spec(Origin, 1, filter: "id > 9000") with { IgnoreGrowing = true }));
    }

    [Fact]
    public async Task Each_query_of_several_has_its_own_hits_and_rows_can_be_fetched()
    {
        await using var node = Filled(seal: false);
        using var view = node.Open();
        var spec = Node.Spec(Origin, 4);
        var second = Node.Spec([2, 2, 2, 2], 4);
        var both = new ColumnBuilder(DataType.FloatVector, dimension: 4).AppendFrom(spec.Queries, 0).AppendFrom(second.Queries, 0).Build();
        var found = (await view.Search(spec with { Queries = both }, CancellationToken.None)).Value;

        Assert.Equal([4, 4], found.HitsPerQuery);
        Assert.Equal(await Hits(node, spec), Node.Keys(found.Keys).Zip(found.Scores).Take(4));
        Assert.Equal(await Hits(node, second), Node.Keys(found.Keys).Zip(found.Scores).Skip(4));
        var rows = view.Fetch(found.Rows.ToArray(), [Sample.Key, Sample.Number, Sample.Vector]);
        Assert.Equal(Node.Keys(found.Keys), Node.Keys(rows.Find(Sample.Key)!));
        for (var i = 0; i < rows.Rows; i++)
        {
            var number = rows.Find(Sample.Number)!.As<int>()[i];
            Assert.Equal(Sample.VectorOf(number), System.Runtime.InteropServices.MemoryMarshal.Cast<byte, float>(rows.Find(Sample.Vector)!.Bytes(i)).ToArray());
        }
    }

    [Fact]
    public async Task More_queries_than_are_searched_at_once_answer_as_each_alone_and_stop_where_hits_are_too_many()
    {
        await using var node = Filled(seal: true);
        using var view = node.Open();
        var columns = new ColumnBuilder(DataType.FloatVector, dimension: 4);
        const int queries = 500;
        for (var q = 0; q < queries; q++)
        {
            columns.Append(System.Runtime.InteropServices.MemoryMarshal.AsBytes<float>([q % 7, q % 3, q % 2, 0]));
        }

        var spec = Node.Spec(Origin, 1000) with { Queries = columns.Build() };
        var found = (await view.Search(spec, CancellationToken.None)).Value;
        Assert.True(found.Rows.Count > CollectionView.HitsAtOnce);
        foreach (var q in (int[])[0, 435, 436, 437, 499])
        {
            var alone = await node.Search([q % 7, q % 3, q % 2, 0], 1000);
            var before = found.HitsPerQuery.Take(q).Sum();
            Assert.Equal(alone.Select(h => h.Score), found.Scores.Skip(before).Take(found.HitsPerQuery[q]));
        }

        Assert.False((await view.Search(spec with { HitsMax = found.Rows.Count }, CancellationToken.None)).Value.TooMany);
        Assert.True((await view.Search(spec with { HitsMax = found.Rows.Count - 1 }, CancellationToken.None)).Value.TooMany);
        Assert.True((await view.Search(Node.Spec(Origin, 100) with { HitsMax = 99 }, CancellationToken.None)).Value.TooMany);
    }

    [Fact]
    public async Task What_is_fetched_has_as_many_bytes_as_was_said()
    {
        await using var node = Filled(seal: true);
        using var view = node.Open();
        var rows = (await view.Query(new() { Filter = Node.Filter("") }, CancellationToken.None)).Value.Rows.ToArray();
        FieldId[] fields = [Sample.Key, Sample.Number, Sample.Text, Sample.Vector];
        Assert.Equal(view.Fetch(rows, fields).Columns.Sum(c => (long)c.Values.Values.Length), view.BytesOf(rows, fields));
    }

    [Fact]
    public async Task What_does_not_fit_the_schema_is_refused_with_the_thing_at_fault()
    {
        await using var node = Filled(seal: false);
        using var view = node.Open();
        var spec = Node.Spec(Origin, 1);
        Assert.Contains("metric HAMMING", await Why(spec with { Metric = MetricType.Hamming }), StringComparison.Ordinal);
        Assert.Contains("dimension 3", await Why(spec with { Queries = Node.Spec([1, 2, 3], 1).Queries }), StringComparison.Ordinal);
        Assert.Contains("Int32 is not a vector type", await Why(spec with { Field = Sample.Number }), StringComparison.Ordinal);
        Assert.Contains("999", await Why(spec with { Field = new(999) }), StringComparison.Ordinal);
        Assert.Contains("topk 0", await Why(spec with { K = 0 }), StringComparison.Ordinal);
        Assert.Contains("grouped by field vector", await Why(spec with { Group = new(Sample.Vector) }), StringComparison.Ordinal);
        Assert.Contains("group size 0", await Why(spec with { Group = new(Sample.Text, 0) }), StringComparison.Ordinal);

        async Task<string> Why(SearchSpec wrong) => (await view.Search(wrong, CancellationToken.None)).Failure!.ToString();
    }

    [Fact]
    public async Task A_cancelled_read_ends_as_cancelled()
    {
        await using var node = Filled(seal: false);
        using var view = node.Open();
        using var cancelled = new CancellationTokenSource();
        await cancelled.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => view.Search(Node.Spec(Origin, 1), cancelled.Token));
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => view.Query(new() { Filter = Node.Filter("") }, cancelled.Token));
    }

    /// <summary>Six hundred rows over three segments and several chunks, with rows replaced and deleted.</summary>
    private static Node Filled(bool seal)
    {
        var node = new Node().Apply(Sample.Created());
        node.Apply(Sample.Insert(Sample.P1, [.. Enumerable.Range(0, 400).Select(i => ((long)(i * 7 % 400), i))]));
        if (seal)
        {
            node.Apply(Seal.All(Sample.Collection));
        }

        node.Apply(Sample.Insert(Sample.P1, [.. Enumerable.Range(300, 200).Select(i => ((long)i, i + 1))]));
        node.Apply(Sample.Insert(Sample.P2, [.. Enumerable.Range(490, 110).Select(i => ((long)i, i + 2))]));
        node.Apply(Sample.Delete([.. Enumerable.Range(0, 40).Select(i => (long)(i * 11))]));
        return seal ? node.Apply(Seal.All(Sample.Collection)) : node;
    }

    private static async Task<List<(long Key, float Score)>> Hits(Node node, SearchSpec spec)
    {
        using var view = node.Open();
        var hits = (await view.Search(spec, CancellationToken.None)).Value;
        return [.. Node.Keys(hits.Keys).Zip(hits.Scores)];
    }
}
