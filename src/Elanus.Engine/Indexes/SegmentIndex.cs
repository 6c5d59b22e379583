using Elanus.Primitives;
using Elanus.Vectors;

namespace Elanus.Engine;

/// <summary>A built index of one segment, in memory or in a mapped file. It holds the segment's rows, for a graph reads the vectors where they are.</summary>
internal abstract class SegmentIndex : Counted
{
    private readonly RowStore rows;
    private readonly IDisposable? file;

    /// <param name="definition">What it is.</param>
    /// <param name="rows">The rows that it was built from; held.</param>
    /// <param name="file">The file in which it lies, taken over; null where it lies in memory of its own.</param>
    protected SegmentIndex(IndexDefinition definition, RowStore rows, IDisposable? file)
    {
        Definition = definition;
        this.rows = rows;
        this.file = file;
        rows.Hold();
    }

    public IndexDefinition Definition { get; }

    /// <summary>Whether it lies in a mapped file.</summary>
    public bool IsMapped => file is not null;

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
        if (!SpaceOf(definition, rows).TryGet(out var space, out var why))
        {
            return why;
        }

        var column = rows.Vectors(definition.Field);
        if (definition.Kind == IndexKind.SparseInverted)
        {
            return new ListIndex(definition, rows, SparseIndex.Build(SparseRows.Blocks([(column, 0)]), cancel), file: null);
        }

        return HnswParameters.Create(definition.M, definition.EfConstruction).TryGet(out var parameters, out why)
            ? new GraphIndex(definition, rows, HnswGraph.Build(space, column.Block(0), parameters, progress, cancel), file: null)
            : why;
    }

    /// <summary>An index whose image lies in a file, which it takes over where that is a whole image over these rows; its checksums are verified.</summary>
    public static unsafe Result<SegmentIndex> View(IndexDefinition definition, PackedRows rows, byte* image, long length, IDisposable file)
    {
        if (!SpaceOf(definition, rows).TryGet(out var space, out var why))
        {
            return why;
        }

        if (definition.Kind == IndexKind.SparseInverted)
        {
            return SparseIndex.View(image, length, rows.Rows).TryGet(out var lists, out why) ? new ListIndex(definition, rows, lists, file) : why;
        }

        return HnswGraph.View(image, length, space, rows.Vectors(definition.Field).Block(0)).TryGet(out var graph, out why)
            ? new GraphIndex(definition, rows, graph, file)
            : why;
    }

    public abstract Hit[][] Search(QueryVectors queries, SearchRequest request, CancellationToken cancel);

    /// <summary>A part of its image, of which there are <see cref="Bytes"/> bytes.</summary>
    public abstract void CopyTo(long offset, Span<byte> into);

    protected override void Free()
    {
        file?.Dispose();
        rows.Release();
    }

    private static Result<VectorSpace> SpaceOf(IndexDefinition definition, PackedRows rows)
    {
        var column = rows.Vectors(definition.Field);
        if (!VectorSpace.Create(column.Type, column.Dimension, definition.Metric).TryGet(out var space, out var why))
        {
            return why;
        }

        if (definition.Kind == IndexKind.SparseInverted)
        {
            return space.Type == DataType.SparseFloatVector ? space : Failure.Invalid($"an inverted index cannot serve {space.Type}");
        }

        return definition.Metric.CanGuideGraph() && space.Type.IsDenseVector()
            ? space
            : Failure.Invalid($"a graph cannot serve {space.Type} by {definition.Metric.Name()}");
    }
}
