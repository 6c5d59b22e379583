using Elanus.Primitives;
using Elanus.Vectors;

namespace Elanus.Engine;

/// <summary>A built index of one segment. It holds the segment's rows, for a graph reads the vectors where they are.</summary>
internal abstract class SegmentIndex : Counted
{
    private readonly RowStore rows;

    protected SegmentIndex(IndexDefinition definition, RowStore rows)
    {
        Definition = definition;
        this.rows = rows;
        rows.Hold();
    }

    public IndexDefinition Definition { get; }

    /// <summary>Whether it finds what a scan finds.</summary>
    public abstract bool IsExact { get; }

    /// <summary>Memory beside the rows.</summary>
    public abstract long Bytes { get; }

    /// <summary>Whether an index of this definition is built for a segment, or the segment is searched without.</summary>
    public static bool IsWanted(IndexDefinition definition, Segment segment, EngineOptions options) =>
        definition.Kind != IndexKind.Flat && segment.IsSealed && segment.Published >= options.IndexedRowsMin
        && segment.Store.Layout.Find(definition.Field) >= 0;

    /// <summary>Builds on the calling thread; fails where field, metric and parameters do not go together.</summary>
    /// <exception cref="OperationCanceledException">Cancelled; nothing is held.</exception>
    public static Result<SegmentIndex> Build(IndexDefinition definition, PackedRows rows, Action<int> progress, CancellationToken cancel)
    {
        var column = rows.Vectors(definition.Field);
        if (!VectorSpace.Create(column.Type, column.Dimension, definition.Metric).TryGet(out var space, out var why))
        {
            return why;
        }

        if (definition.Kind == IndexKind.SparseInverted)
        {
            return space.Type == DataType.SparseFloatVector
                ? new ListIndex(definition, rows, SparseIndex.Build(SparseRows.Blocks([(column, 0)]), cancel))
                : Failure.Invalid($"an inverted index cannot serve {space.Type}");
        }

        if (!HnswParameters.Create(definition.M, definition.EfConstruction).TryGet(out var parameters, out why))
        {
            return why;
        }

        return definition.Metric.CanGuideGraph() && space.Type.IsDenseVector()
            ? new GraphIndex(definition, rows, HnswGraph.Build(space, column.Block(0), parameters, progress, cancel))
            : Failure.Invalid($"a graph cannot serve {space.Type} by {definition.Metric.Name()}");
    }

    public abstract Hit[][] Search(QueryVectors queries, SearchRequest request, CancellationToken cancel);

    protected override void Free() => rows.Release();
}
