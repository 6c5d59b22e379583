using Elanus.Primitives;

namespace Elanus.Vectors.Tests;

public class HnswBuildTests
{
    private static readonly HnswParameters Small = HnswParameters.Create(m: 8, efConstruction: 40).Value;

    [Fact]
    public void The_same_rows_give_the_same_bytes_and_another_seed_gives_others()
    {
        var space = Spaces.Of(DataType.FloatVector, 16, MetricType.L2);
        using var rows = new SampleRows(DataType.FloatVector, 16, 3000, seed: 1, clusters: 20);
        Assert.Equal(Image(space, rows, Small), Image(space, rows, Small));
        Assert.NotEqual(Image(space, rows, Small), Image(space, rows, HnswParameters.Create(m: 8, efConstruction: 40, seed: 5).Value));
    }

    [Fact]
    public void Progress_goes_from_none_to_all()
    {
        var space = Spaces.Of(DataType.FloatVector, 8, MetricType.L2);
        using var rows = new SampleRows(DataType.FloatVector, 8, 1000, seed: 1);
        var told = new List<int>();
        using var graph = HnswGraph.Build(space, rows.Block, Small, told.Add, CancellationToken.None);
        Assert.Equal(0, told[0]);
        Assert.Equal(1000, told[^1]);
        Assert.Equal(told.Order(), told);
    }

    [Fact]
    public void A_cancelled_build_stops()
    {
        var space = Spaces.Of(DataType.FloatVector, 8, MetricType.L2);
        using var rows = new SampleRows(DataType.FloatVector, 8, 5000, seed: 1);
        using var source = new CancellationTokenSource();
        Assert.ThrowsAny<OperationCanceledException>(() =>
            HnswGraph.Build(space, rows.Block, Small, done => { if (done > 1000) { source.Cancel(); } }, source.Token));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(70)]
    public void Few_rows_are_all_found(int count)
    {
        var space = Spaces.Of(DataType.FloatVector, 8, MetricType.Cosine);
        using var rows = new SampleRows(DataType.FloatVector, 8, count, seed: 1);
        using var graph = HnswGraph.Build(space, rows.Block, Small, null, CancellationToken.None);
        var found = graph.Search(new byte[32], new() { K = 100 }, CancellationToken.None)[0];
        Assert.Equal(Enumerable.Range(0, count), found.Select(h => h.Row));
    }

    [Fact]
    public void Rows_with_equal_vectors_are_all_reached()
    {
        // Half of the rows are one vector, the others are far from it: lists full of equals would cut the graph in two.
        var space = Spaces.Of(DataType.FloatVector, 8, MetricType.L2);
        using var rows = new SampleRows(DataType.FloatVector, 8, 6000, seed: 3, clusters: 40);
        using var queries = new SampleRows(DataType.FloatVector, 8, 50, seed: 4, clusters: 40);
        for (var row = 0; row < rows.Count; row += 2)
        {
            rows.Row(row).Clear();
        }

        using var graph = HnswGraph.Build(space, rows.Block, Small, null, CancellationToken.None);
        var recall = BuiltGraph.Recall(graph, space, rows, queries, new() { K = 10, Ef = 64 });
        Assert.True(recall >= 0.95, $"recall {recall}");
        var zeros = graph.Search(new byte[32], new() { K = 200, Ef = 200 }, CancellationToken.None)[0];
        Assert.Equal(Enumerable.Range(0, 200).Select(i => new Hit(2 * i, 0f)), zeros);
        var allowed = BuiltGraph.EveryNth(rows.Count, 2);
        allowed[0] = false;
        var some = graph.Search(new byte[32], new() { K = 5, Ef = 5, Allowed = allowed }, CancellationToken.None)[0];
        Assert.Equal(5, some.Length);
        Assert.All(some, h => Assert.True(allowed[h.Row] && h.Score == 0f));
    }

    [Fact]
    public void Rows_too_close_together_for_codes_are_walked_by_their_vectors()
    {
        // Clusters whose spread is a millionth of their distance: every row of a cluster has the same code.
        var space = Spaces.Of(DataType.FloatVector, 16, MetricType.L2);
        using var rows = new SampleRows(DataType.FloatVector, 16, 6000, seed: 3);
        using var queries = new SampleRows(DataType.FloatVector, 16, 50, seed: 4);
        foreach (var sample in new[] { rows, queries })
        {
            for (var row = 0; row < sample.Count; row++)
            {
                foreach (ref var value in sample.Floats(row))
                {
                    value *= 1e-4f;
                }

                sample.Floats(row)[0] += row % 20 * 50;
            }
        }

        using var graph = HnswGraph.Build(space, rows.Block, Small, null, CancellationToken.None);
        var recall = BuiltGraph.Recall(graph, space, rows, queries, new() { K = 10, Ef = 200 });
        Assert.True(recall >= 0.95, $"recall {recall}");
    }

    [Theory]
    [InlineData(1, 100, "M 1 is out of range")]
    [InlineData(2049, 100, "M 2049 is out of range")]
    [InlineData(16, 0, "efConstruction 0 is out of range")]
    public void Parameters_out_of_range_are_refused_by_name(int m, int efConstruction, string reason) =>
        Assert.StartsWith(reason, HnswParameters.Create(m, efConstruction).Failure!.Sentence, StringComparison.Ordinal);

    private static byte[] Image(VectorSpace space, SampleRows rows, HnswParameters parameters)
    {
        using var graph = HnswGraph.Build(space, rows.Block, parameters, null, CancellationToken.None);
        using var stream = new MemoryStream();
        graph.Write(stream);
        return stream.ToArray();
    }
}
