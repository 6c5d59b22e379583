using System.Collections.Immutable;
using Elanus.Expressions;
using Elanus.Primitives;

namespace Elanus.Engine;

/// <summary>
/// A collection's rows after some whole record, fixed until disposed: rows applied later are not seen, rows dropped later still are. Holds
/// memory; short-lived by intent. Any number of reads may run at once; dispose after the last of them ended.
/// </summary>
public sealed partial class CollectionView : IDisposable
{
    private readonly Snapshot snapshot;
    private readonly IWorkScheduler work;
    private readonly EngineOptions options;
    private readonly ImmutableArray<SegmentView> segments;
    private int disposed;

    internal CollectionView(Snapshot snapshot, IReadOnlyCollection<PartitionId>? only, Timestamp notBefore, IWorkScheduler work, EngineOptions options)
    {
        this.snapshot = snapshot;
        this.work = work;
        this.options = options;
        segments = CrossedRows.Views(snapshot, only, notBefore);
    }

    public CollectionSchema Schema => snapshot.Schema;

    internal ImmutableArray<SegmentView> Parts => segments;

    /// <summary>Rows inserted, not deleted and not expired, in the view's partitions.</summary>
    public long LiveRows => segments.Sum(s => (long)s.LiveRows);

    /// <summary>The segments that the view reads.</summary>
    public IEnumerable<SegmentId> Segments => segments.Select(s => s.State.Id);

    /// <summary>
    /// Values of rows of this view, in the order of the references. Fields younger than a row answer their default, or null; fields must be
    /// the schema's.
    /// </summary>
    public RowBatch Fetch(ReadOnlySpan<RowReference> rows, IReadOnlyList<FieldId> fields)
    {
        var columns = new FieldColumn[fields.Count];
        for (var f = 0; f < columns.Length; f++)
        {
            var field = Schema.Find(fields[f]);
            Invariant.Holds(field is not null, $"field {fields[f]} is not one of the view's");
            columns[f] = new(field.Id, Fetch(rows, field));
        }

        return new(rows.Length, columns);
    }

    /// <summary>The bytes that <see cref="Fetch(ReadOnlySpan{RowReference}, IReadOnlyList{FieldId})"/> would answer, without what lies beside values.</summary>
    public long BytesOf(ReadOnlySpan<RowReference> rows, IReadOnlyList<FieldId> fields)
    {
        var bytes = 0L;
        foreach (var id in fields)
        {
            var field = Schema.Find(id);
            Invariant.Holds(field is not null, $"field {id} is not one of the view's");
            var shape = ColumnLayout.Of(field);
            if (!shape.Type.IsVariable())
            {
                bytes += (long)rows.Length * shape.Type.Width(shape.Dimension);
                continue;
            }

            var places = new ColumnPlaces(this, field);
            foreach (var row in rows)
            {
                var column = places.Of(row, out var at);
                bytes += column.Offsets[at + 1] - column.Offsets[at];
            }
        }

        return bytes;
    }

    /// <summary>The keys of visible rows that match, in ascending order: what a delete by expression kills.</summary>
    public async Task<Result<ColumnBlock>> PrimaryKeysMatching(FilterPlan filter, CancellationToken cancel, ulong sampleSeed = 0)
    {
        var found = await Query(new() { Filter = filter, SampleSeed = sampleSeed }, cancel);
        return found.TryGet(out var rows, out var why) ? rows.Keys : why;
    }

    public void Dispose()
    {
        if (Interlocked.Exchange(ref disposed, 1) == 0)
        {
            snapshot.Release();
        }
    }

    private HeapColumn Fetch(ReadOnlySpan<RowReference> rows, FieldSchema field)
    {
        var shape = ColumnLayout.Of(field);
        var builder = new ColumnBuilder(shape.Type, shape.ElementType, shape.Dimension, rows.Length);
        var places = new ColumnPlaces(this, field);
        foreach (var row in rows)
        {
            builder.AppendFrom(places.Of(row, out var at), at);
        }

        return builder.Build();
    }

    private ImmutableArray<SegmentView> Chosen(bool ignoreGrowing) => ignoreGrowing ? [.. segments.Where(s => s.State.IsSealed)] : segments;

    private Failure? Unknown(IEnumerable<FieldId> fields)
    {
        foreach (var field in fields)
        {
            if (Schema.Find(field) is null)
            {
                return Failure.FieldNotFound($"{field}");
            }
        }

        return null;
    }

    /// <summary>Finds the values of one field; cheap for rows that lie near each other.</summary>
    private struct ColumnPlaces(CollectionView view, FieldSchema field)
    {
        private ColumnBlock? column;
        private int segment = -1;
        private int chunk;
        private int start;

        /// <summary>The column with a row's value, and the row's place in it.</summary>
        public ColumnBlock Of(RowReference row, out int at)
        {
            var store = view.segments[row.Segment].Store;
            if (row.Segment != segment || store.ChunkOf(row.Row) != chunk)
            {
                (segment, chunk) = (row.Segment, store.ChunkOf(row.Row));
                start = store.ChunkStart(chunk);
                column = view.segments[segment].Chunk(chunk).Column(field);
            }

            at = row.Row - start;
            return column!;
        }
    }

    /// <summary>Runs one piece an item, side by side where the work is worth it; none of them outlives the call.</summary>
    private async Task<TOut[]> ForEach<TIn, TOut>(
        IReadOnlyList<TIn> items, long rowsOfWork, Func<TIn, CancellationToken, TOut> piece, CancellationToken cancel)
    {
        snapshot.Hold();
        try
        {
            cancel.ThrowIfCancellationRequested();
            if (rowsOfWork < options.ParallelRowsMin)
            {
                var done = new TOut[items.Count];
                for (var i = 0; i < done.Length; i++)
                {
                    done[i] = piece(items[i], cancel);
                }

                return done;
            }

            return await Waits.All(items.Select(item => work.Run(WorkPriority.Foreground, stop => piece(item, stop), cancel)));
        }
        finally
        {
            snapshot.Release();
        }
    }
}
