using System.Globalization;
using Elanus.Vectors;

namespace Elanus.Roles;

/// <summary>
/// Which index types and metrics fit which fields, the ranges of their parameters (Milvus's documentation), and what serves each type here.
/// </summary>
public static class IndexRules
{
    public const string IndexTypeKey = "index_type";
    public const string MetricTypeKey = "metric_type";

    private static readonly Dictionary<string, IndexServing> FloatTypes = new(StringComparer.Ordinal)
    {
        ["FLAT"] = IndexServing.Flat,
        ["IVF_FLAT"] = IndexServing.Hnsw,
        ["IVF_SQ8"] = IndexServing.Hnsw,
        ["IVF_PQ"] = IndexServing.Hnsw,
        ["IVF_RABITQ"] = IndexServing.Hnsw,
        ["HNSW"] = IndexServing.Hnsw,
        ["HNSW_SQ"] = IndexServing.Hnsw,
        ["HNSW_PQ"] = IndexServing.Hnsw,
        ["HNSW_PRQ"] = IndexServing.Hnsw,
        ["SCANN"] = IndexServing.Hnsw,
        ["DISKANN"] = IndexServing.Hnsw,
        ["AUTOINDEX"] = IndexServing.Hnsw,
    };

    private static readonly Dictionary<string, IndexServing> BinaryTypes = new(StringComparer.Ordinal)
    {
        ["BIN_FLAT"] = IndexServing.Flat,
        ["BIN_IVF_FLAT"] = IndexServing.Flat,
        ["AUTOINDEX"] = IndexServing.Flat,
    };

    private static readonly Dictionary<string, IndexServing> SparseTypes = new(StringComparer.Ordinal)
    {
        ["SPARSE_INVERTED_INDEX"] = IndexServing.SparseInverted,
        ["SPARSE_WAND"] = IndexServing.SparseInverted,
        ["AUTOINDEX"] = IndexServing.SparseInverted,
    };

    private static readonly HashSet<string> ScalarTypes = new(["", "AUTOINDEX", "STL_SORT", "TRIE", "Trie", "BITMAP", "INVERTED", "NGRAM"], StringComparer.Ordinal);

    /// <summary>Parameter, least, most; whole numbers.</summary>
    private static readonly (string Key, long Least, long Most)[] Ranges =
    [
        ("M", 2, 2_048), ("efConstruction", 1, int.MaxValue), ("nlist", 1, 65_536), ("nbits", 1, 24), ("m", 1, 65_536),
        ("refine_k", 1, int.MaxValue), ("min_gram", 1, 65_535), ("max_gram", 1, 65_535), ("bitmap_cardinality_limit", 1, int.MaxValue),
    ];

    /// <summary>The type as Milvus completes it, AUTOINDEX where none was named.</summary>
    public static string TypeName(FieldSchema field, string? given) => string.IsNullOrEmpty(given) ? (field.Type.IsVector() ? "AUTOINDEX" : "INVERTED") : given;

    /// <summary>Null where the definition is good.</summary>
    public static Failure? Check(FieldSchema field, string type, MetricType? metric, Func<string, string?> param)
    {
        if (!field.Type.IsVector())
        {
            return CheckScalar(field, type);
        }

        if (type.StartsWith("GPU_", StringComparison.Ordinal))
        {
            return new(FailureCode.IndexNotSupported, $"index type {type} needs a GPU, which Elanus does not use; use HNSW or FLAT");
        }

        if (!TypesOf(field.Type).ContainsKey(type))
        {
            return Failure.Invalid($"invalid index type: {type} for field {field.Name} of type {field.Type}; it can be {string.Join(", ", TypesOf(field.Type).Keys)}");
        }

        if (metric is not { } known)
        {
            return Failure.Invalid($"metric type not set or not known for vector index of field {field.Name}");
        }

        if (!MetricsOf(field.Type).Contains(known))
        {
            return Failure.Invalid($"{field.Type} index does not support metric type: {known.ToString().ToUpperInvariant()} (field {field.Name}); it can be {string.Join(", ", MetricsOf(field.Type)).ToUpperInvariant()}");
        }

        foreach (var (key, least, most) in Ranges)
        {
            if (param(key) is { } value
                && (!long.TryParse(value, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var number) || number < least || number > most))
            {
                return Failure.Invalid($"Out of range in json: param '{key}' ({value}) should be in range [{least}, {most}] (index on field {field.Name})");
            }
        }

        if (type == "IVF_PQ" && param("m") is { } parts && field.Dimension % long.Parse(parts, CultureInfo.InvariantCulture) != 0)
        {
            return Failure.Invalid($"The dimension of a vector (dim) should be a multiple of the number of subquantizers (m). Dimension: {field.Dimension}, m: {parts}");
        }

        return param("drop_ratio_build") is { } ratio
            && (!double.TryParse(ratio, NumberStyles.Float, CultureInfo.InvariantCulture, out var dropped) || dropped is < 0 or >= 1)
            ? Failure.Invalid($"Out of range in json: param 'drop_ratio_build' ({ratio}) should be in range [0.000000, 1.000000)")
            : null;
    }

    public static IndexServing Serving(FieldSchema field, string type) =>
        field.Type.IsVector() ? TypesOf(field.Type).GetValueOrDefault(type, IndexServing.Flat) : IndexServing.ColumnScan;

    /// <summary>The type's name for what serves it.</summary>
    public static string ServedBy(FieldSchema field, string type) => Serving(field, type) switch
    {
        IndexServing.Flat => field.Type == DataType.BinaryVector ? "BIN_FLAT" : "FLAT",
        IndexServing.Hnsw => "HNSW",
        IndexServing.SparseInverted => "SPARSE_INVERTED_INDEX",
        _ => "SCAN",
    };

    /// <summary>The metrics a vector type can be compared by; the first is the default.</summary>
    public static IReadOnlyList<MetricType> MetricsOf(DataType type) => type switch
    {
        DataType.BinaryVector => [MetricType.Hamming, MetricType.Jaccard, MetricType.Substructure, MetricType.Superstructure],
        DataType.SparseFloatVector => [MetricType.Ip],
        _ => [MetricType.Cosine, MetricType.L2, MetricType.Ip],
    };

    private static Dictionary<string, IndexServing> TypesOf(DataType type) => type switch
    {
        DataType.BinaryVector => BinaryTypes,
        DataType.SparseFloatVector => SparseTypes,
        _ => FloatTypes,
    };

    private static Failure? CheckScalar(FieldSchema field, string type)
    {
        var why = type switch
        {
            _ when !ScalarTypes.Contains(type) => "is not an index type for scalar fields",
            "STL_SORT" when !field.Type.IsNumeric() && field.Type != DataType.VarChar => "are only supported on numeric, varchar field",
            "TRIE" or "Trie" when field.Type != DataType.VarChar => "are only supported on varchar field",
            "NGRAM" when field.Type is not (DataType.VarChar or DataType.Json) => "are only supported on varchar and json field",
            "BITMAP" when field.IsPrimaryKey => "create bitmap index on primary key not supported",
            "BITMAP" when field.Type.IsFloating() || field.Type == DataType.Json => "are only supported on bool, int, string and array field",
            _ => null,
        };
        return why is null ? null : Failure.Invalid($"{type} index {why}: field {field.Name} of type {field.Type}");
    }
}
