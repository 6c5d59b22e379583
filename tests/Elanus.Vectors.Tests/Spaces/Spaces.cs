using Elanus.Primitives;

namespace Elanus.Vectors.Tests;

/// <summary>Every pair of dense type and metric that is served.</summary>
internal static class Spaces
{
    public static readonly DataType[] DenseTypes =
    [
        DataType.FloatVector, DataType.Float16Vector, DataType.BFloat16Vector, DataType.Int8Vector, DataType.BinaryVector,
    ];

    public static VectorSpace Of(DataType type, int dimension, MetricType metric) => VectorSpace.Create(type, dimension, metric).Value;

    public static IEnumerable<(DataType Type, MetricType Metric)> Dense() =>
        from type in DenseTypes
        from metric in Enum.GetValues<MetricType>()
        where metric.Serves(type)
        select (type, metric);

    public static TheoryData<DataType, MetricType> DenseTheory()
    {
        var data = new TheoryData<DataType, MetricType>();
        foreach (var (type, metric) in Dense())
        {
            data.Add(type, metric);
        }

        return data;
    }
}
