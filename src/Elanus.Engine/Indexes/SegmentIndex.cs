using Elanus.Primitives;
using Elanus.Vectors;

namespace Elanus.Engine;

/// <summary>A built index of one segment. It reads the vectors where they are and therefore holds the segment's rows.</summary>
internal sealed class SegmentIndex : Counted
{
    private readonly RowStore rows;
    private readonly HnswGraph graph;

    private SegmentIndex(IndexDefinition definition, RowStore rows, HnswGraph graph)
    {
        Definition = definition;
        this.rows = rows;
        this.graph = graph;
        rows.Hold();
    }

    public IndexDefinition Definition { get; }

    /// <summary>Memory beside the rows.</summary>
    public long Bytes => graph.Bytes;

    /// <summary>Whether an index of this definition is built for a segment, or the segment is searched without.</summary>
    public static bool IsWanted(IndexDefinition definition, Segment segment, EngineOptions options) =>
        definition.Kind == IndexKind.Hnsw && segment.IsSealed && segment.Published >= options.IndexedRowsMin
        && segment.Store.Layout.Find(definition.Field) >= 0;

    /// <summary>Builds on the calling thread; fails where field, metric and parameters do not go together.</summary>
    /// <exception cref="OperationCanceledException">Cancelled; nothing is held.</exception>
    public static Result<SegmentIndex> Build(IndexDefinition definition, PackedRows rows, Action<int> progress, CancellationToken cancel)
    {
        var column = rows.Vectors(definition.Field);
        if (!VectorSpace.Create(column.Type, column.Dimension, definition.Metric).TryGet(out var space, out var why)
            || !HnswParameters.Create(definition.M, definition.EfConstruction).TryGet(out var parameters, out why))
        {
            return why;
        }

        if (!definition.Metric.CanGuideGraph() || !space.Type.IsDenseVector())
        {
            return Failure.Invalid($"a graph cannot serve {space.Type} by {definition.Metric.Name()}");
        }

        return new SegmentIndex(definition, rows, HnswGraph.Build(space, column.Block(0), parameters, progress, cancel));
    }

    public Hit[][] Search(ReadOnlySpan<byte> queries, SearchRequest request, CancellationToken cancel) => graph.Search(queries, request, cancel);

    protected override void Free()
    {
        graph.Dispose();
        rows.Release();
    }
}
