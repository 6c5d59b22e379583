using Elanus.Primitives;

namespace Elanus.Vectors.Tests;

/// <summary>Graphs over every dense type and metric that can guide one.</summary>
public class HnswTypesTests
{
    private const int Count = 5000;

    public static TheoryData<DataType, MetricType> Kinds()
    {
        var data = new TheoryData<DataType, MetricType>();
        foreach (var (type, metric) in Spaces.Dense().Where(k => k.Metric.CanGuideGraph()))
        {
            data.Add(type, metric);
        }

        return data;
    }

    [Theory]
    [MemberData(nameof(Kinds))]
    public void Most_of_the_ten_nearest_are_found(DataType type, MetricType metric)
    {
        var dimension = type == DataType.BinaryVector ? 256 : 24;
        var space = Spaces.Of(type, dimension, metric);
        using var rows = new SampleRows(type, dimension, Count, seed: 21, clusters: 40);
        using var queries = new SampleRows(type, dimension, 100, seed: 22, clusters: 40);
        using var graph = HnswGraph.Build(space, rows.Block, HnswParameters.Create(m: 16, efConstruction: 40).Value, null, CancellationToken.None);
        var recall = BuiltGraph.Recall(graph, space, rows, queries, new() { K = 10, Ef = 128 });
        Assert.True(recall >= 0.95, $"recall {recall}");
    }
}
