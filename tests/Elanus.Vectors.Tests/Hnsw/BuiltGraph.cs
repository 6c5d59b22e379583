using Elanus.Primitives;

namespace Elanus.Vectors.Tests;

/// <summary>One graph over 20,000 clustered rows of 32 floats, built once for the tests that only search it.</summary>
public sealed class BuiltGraph : IDisposable
{
    internal const int Dimension = 32;
    internal const int Count = 20_000;
    internal const int Clusters = 200;

    public BuiltGraph()
    {
        Space = Spaces.Of(DataType.FloatVector, Dimension, MetricType.L2);
        Rows = new SampleRows(DataType.FloatVector, Dimension, Count, seed: 11, Clusters);
        Queries = new SampleRows(DataType.FloatVector, Dimension, 200, seed: 12, Clusters);
        Graph = HnswGraph.Build(Space, Rows.Block, HnswParameters.Create(m: 16, efConstruction: 100).Value, null, CancellationToken.None);
    }

    internal VectorSpace Space { get; }

    internal SampleRows Rows { get; }

    internal SampleRows Queries { get; }

    internal HnswGraph Graph { get; }

    public void Dispose()
    {
        Graph.Dispose();
        Rows.Dispose();
        Queries.Dispose();
    }

    internal static Bitset EveryNth(int rows, int n)
    {
        // A hash rather than a stride: a filter has nothing to do with the order of rows.
        var bits = new Bitset(rows);
        for (var row = 0; row < rows; row++)
        {
            bits[row] = (uint)(row * 2654435761) % (uint)n == 0;
        }

        return bits;
    }

    /// <summary>The share of the exact hits that the graph found.</summary>
    internal static double Recall(HnswGraph graph, VectorSpace space, SampleRows rows, SampleRows queries, SearchRequest request)
    {
        var exact = FlatSearch.Search(space, [rows.Block], queries.Bytes, request, CancellationToken.None);
        var found = graph.Search(queries.Bytes, request, CancellationToken.None);
        int same = 0, all = 0;
        for (var q = 0; q < exact.Length; q++)
        {
            // Equal scores are equally good; the graph may meet another row of the same score.
            var scores = found[q].Select(h => h.Score).ToList();
            all += exact[q].Length;
            same += exact[q].Count(h => scores.Remove(h.Score));
        }

        return (double)same / all;
    }
}
