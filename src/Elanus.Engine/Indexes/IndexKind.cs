namespace Elanus.Engine;

/// <summary>How a vector field is searched in sealed segments that are large enough. Smaller and growing ones are scanned.</summary>
public enum IndexKind
{
    /// <summary>Exact scan; nothing is built.</summary>
    Flat,

    /// <summary>A navigable small-world graph; for dense vectors.</summary>
    Hnsw,

    /// <summary>Lists of rows by dimension; for sparse vectors.</summary>
    SparseInverted,
}
