using Elanus.Vectors;

namespace Elanus.Engine;

/// <summary>A segment's graph; what it finds is near, not exact.</summary>
internal sealed class GraphIndex(IndexDefinition definition, RowStore rows, HnswGraph graph, IDisposable? file) : SegmentIndex(definition, rows, file)
{
    public override bool IsExact => false;

    public override long Bytes => graph.Bytes;

    public override Hit[][] Search(QueryVectors queries, SearchRequest request, CancellationToken cancel) =>
        graph.Search(queries.Dense, request, cancel);

    public override void CopyTo(long offset, Span<byte> into) => graph.CopyTo(offset, into);

    protected override void Free()
    {
        graph.Dispose();
        base.Free();
    }
}
