using Elanus.Primitives;

namespace Elanus.Vectors;

/// <summary>
/// What the vectors of one field are and how they are compared. The dimension counts elements (bits for a binary vector, a multiple of eight;
/// 0 for sparse vectors).
/// </summary>
public readonly record struct VectorSpace
{
    /// <summary>Most elements of a dense vector (bits of a binary one: eight times as many).</summary>
    public const int DimensionMax = 32768;

    private VectorSpace(DataType type, int dimension, MetricType metric)
    {
        Type = type;
        Dimension = dimension;
        Metric = metric;
    }

    public DataType Type { get; }

    public int Dimension { get; }

    public MetricType Metric { get; }

    /// <summary>Bytes of one dense row.</summary>
    public int RowBytes => Type.Width(Dimension);

    /// <summary>A space, or why these three do not go together.</summary>
    public static Result<VectorSpace> Create(DataType type, int dimension, MetricType metric)
    {
        if (!type.IsVector())
        {
            return Failure.Invalid($"{type} is not a vector type");
        }

        if (!metric.Serves(type))
        {
            return Failure.Invalid($"metric {metric.Name()} does not serve {type}");
        }

        var most = type == DataType.BinaryVector ? DimensionMax * 8 : DimensionMax;
        if (type == DataType.SparseFloatVector ? dimension != 0 : dimension < 1 || dimension > most)
        {
            return Failure.Invalid($"dimension {dimension} of {type} is out of range [1, {most}]");
        }

        if (type == DataType.BinaryVector && dimension % 8 != 0)
        {
            return Failure.Invalid($"dimension {dimension} of {type} is not a multiple of 8");
        }

        return new VectorSpace(type, dimension, metric);
    }

    /// <summary>The space of codes that stand for vectors inside an index.</summary>
    internal static VectorSpace OfCodes(int dimension, MetricType metric) => new(DataType.Int8Vector, dimension, metric);
}
