using Elanus.Vectors;

namespace Elanus.Engine;

/// <summary>A segment's sparse vectors as lists of rows by dimension; it finds what a scan finds.</summary>
internal sealed class ListIndex(IndexDefinition definition, RowStore rows, SparseIndex lists, IDisposable? file) : SegmentIndex(definition, rows, file)
{
    public override bool IsExact => true;

    public override long Bytes => lists.Bytes;

    public override Hit[][] Search(QueryVectors queries, SearchRequest request, CancellationToken cancel) =>
        lists.Search(queries.Sparse, request, cancel);

    public override void CopyTo(long offset, Span<byte> into) => lists.CopyTo(offset, into);

    protected override void Free()
    {
        lists.Dispose();
        base.Free();
    }
}
