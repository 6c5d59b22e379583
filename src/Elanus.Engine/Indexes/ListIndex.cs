using Elanus.Vectors;

namespace Elanus.Engine;

/// <summary>A segment's sparse vectors as lists of rows by dimension; it finds what a scan finds.</summary>
internal sealed class ListIndex(IndexDefinition definition, RowStore rows, SparseIndex lists) : SegmentIndex(definition, rows)
{
    public override bool IsExact => true;

    public override long Bytes => lists.Bytes;

    public override Hit[][] Search(QueryVectors queries, SearchRequest request, CancellationToken cancel) =>
        lists.Search(queries.Sparse, request, cancel);

    protected override void Free()
    {
        lists.Dispose();
        base.Free();
    }
}
