namespace Elanus.Engine;

/// <summary>How far an index is. Rows in segments that are scanned by design count as indexed.</summary>
/// <param name="IndexedRows">Rows served as the index promises; at most all.</param>
/// <param name="TotalRows">Rows in all segments, deleted ones included.</param>
/// <param name="Fault">Why a segment's build failed, in a sentence; null where none did. Its rows are scanned and count as not indexed.</param>
public sealed record IndexProgress(long IndexedRows, long TotalRows, string? Fault)
{
    public bool IsComplete => IndexedRows == TotalRows;
}
