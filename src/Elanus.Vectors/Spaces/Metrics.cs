using Elanus.Primitives;

namespace Elanus.Vectors;

/// <summary>What follows from a metric alone: its name on the wire, its direction, the types it serves.</summary>
public static class Metrics
{
    private static readonly (MetricType Metric, string Name)[] Names =
    [
        (MetricType.L2, "L2"),
        (MetricType.Ip, "IP"),
        (MetricType.Cosine, "COSINE"),
        (MetricType.Hamming, "HAMMING"),
        (MetricType.Jaccard, "JACCARD"),
        (MetricType.Substructure, "SUBSTRUCTURE"),
        (MetricType.Superstructure, "SUPERSTRUCTURE"),
    ];

    /// <summary>The metric of a protocol name, in any case; false for a name that is none of these.</summary>
    public static bool TryParse(string name, out MetricType metric)
    {
        foreach (var (candidate, spelled) in Names)
        {
            if (spelled.Equals(name, StringComparison.OrdinalIgnoreCase))
            {
                metric = candidate;
                return true;
            }
        }

        metric = default;
        return false;
    }

    /// <summary>The protocol's name, in capitals.</summary>
    public static string Name(this MetricType metric) => Names[(int)metric].Name;

    /// <summary>True for similarities (IP, COSINE), false for distances.</summary>
    public static bool LargerIsBetter(this MetricType metric) => metric is MetricType.Ip or MetricType.Cosine;

    /// <summary>Whether vectors of this type can be compared by this metric.</summary>
    public static bool Serves(this MetricType metric, DataType type) => type switch
    {
        DataType.FloatVector or DataType.Float16Vector or DataType.BFloat16Vector or DataType.Int8Vector =>
            metric is MetricType.L2 or MetricType.Ip or MetricType.Cosine,
        DataType.BinaryVector => metric is MetricType.Hamming or MetricType.Jaccard or MetricType.Substructure or MetricType.Superstructure,
        DataType.SparseFloatVector => metric is MetricType.Ip,
        _ => false,
    };

    /// <summary>Whether a graph can be walked by this metric; the two structure metrics only match or do not, so they are scanned.</summary>
    public static bool CanGuideGraph(this MetricType metric) => metric is not (MetricType.Substructure or MetricType.Superstructure);

    /// <summary>The metric of an index that names none.</summary>
    public static MetricType DefaultFor(DataType type) => type switch
    {
        DataType.BinaryVector => MetricType.Hamming,
        DataType.SparseFloatVector => MetricType.Ip,
        _ => MetricType.Cosine,
    };
}
