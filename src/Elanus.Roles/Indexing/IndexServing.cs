namespace Elanus.Roles;

/// <summary>What really answers searches on an index of a given type.</summary>
public enum IndexServing
{
    /// <summary>Exact scan of all vectors.</summary>
    Flat,

    /// <summary>A navigable small-world graph.</summary>
    Hnsw,

    /// <summary>An inverted index over the dimensions of sparse vectors.</summary>
    SparseInverted,

    /// <summary>Scalar columns are scanned; the index's definition is kept and shown.</summary>
    ColumnScan,
}
