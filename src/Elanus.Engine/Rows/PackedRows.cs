using System.Collections.Concurrent;
using Elanus.Primitives;
using Elanus.Storage;

namespace Elanus.Engine;

/// <summary>
/// The rows of a sealed segment: one chunk of contiguous columns, never changed, in native memory or in a mapped column file, which looks the
/// same from here. Any thread.
/// </summary>
internal sealed class PackedRows : RowStore
{
    private readonly PackedParts parts;
    private readonly Whole chunk;

    public PackedRows(PackedParts parts)
        : base(parts.Layout)
    {
        this.parts = parts;
        chunk = new(this);
    }

    public override int Rows => parts.Rows;

    public override long Bytes => parts.Bytes;

    public PackedParts Parts => parts;

    public PackedKeys Keys => parts.Keys;

    /// <summary>The column file that the rows lie in; null where they lie in memory.</summary>
    public StoredFile? File => parts.File;

    /// <summary>The rows' vectors of a field that the layout has.</summary>
    public NativeColumn Vectors(FieldId field) => parts.Columns[Layout.Find(field)];

    /// <summary>Copies the first rows of a store into contiguous columns.</summary>
    /// <exception cref="OperationCanceledException">Cancelled; nothing is held.</exception>
    public static PackedRows From(RowStore source, int rows, CancellationToken cancel) => new(RowPacking.Pack(source, rows, cancel));

    public override int ChunkCount(int rows) => rows == 0 ? 0 : 1;

    public override int ChunkOf(int row) => 0;

    public override int ChunkStart(int chunk) => 0;

    public override RowChunk Chunk(int chunk, int rows)
    {
        Invariant.Holds(rows == parts.Rows && chunk == 0, "a sealed segment was cut");
        return this.chunk;
    }

    public override Key KeyAt(int row) => parts.Keys.KeyAt(row);

    public override Timestamp TimestampAt(int row) => new(parts.Timestamps.At<ulong>(row));

    public override int Newest(in Key key, int bound) => parts.Keys.Newest(key);

    public override int Older(int row) => parts.Keys.Older(row);

    public override bool MayHold(KeyRange range) => parts.Range.Meets(range);

    protected override void Free() => parts.Free();

    private sealed class Whole(PackedRows store) : RowChunk(store.Layout, 0, store.Rows)
    {
        private readonly ConcurrentDictionary<FieldSchema, ColumnBlock> absent = new();

        public override ReadOnlySpan<ulong> Timestamps => store.parts.Timestamps.As<ulong>(Rows);

        public override ColumnBlock ColumnAt(int index) => store.parts.Columns[index];

        protected override ColumnBlock Absent(FieldSchema field) => absent.GetOrAdd(field, base.Absent);
    }
}
