using System.Collections.Concurrent;
using System.Runtime.InteropServices;
using Elanus.Primitives;

namespace Elanus.Engine;

/// <summary>The rows of a sealed segment: one chunk of contiguous native columns, never changed. Any thread.</summary>
internal sealed class PackedRows : RowStore
{
    private readonly int rows;
    private readonly AlignedMemory timestamps;
    private readonly NativeColumn[] columns;
    private readonly List<AlignedMemory> owned = [];
    private readonly PackedKeys keys;
    private readonly KeyRange range;
    private readonly Whole chunk;
    private readonly bool keyIsText;
    private readonly NativeColumn keyColumn;

    private PackedRows(RowStore source, int rows, CancellationToken cancel)
        : base(source.Layout)
    {
        this.rows = rows;
        columns = new NativeColumn[Layout.Columns.Length];
        keyIsText = Layout.KeyIsText;
        chunk = new(this);
        try
        {
            var parts = Enumerable.Range(0, source.ChunkCount(rows)).Select(i => source.Chunk(i, rows)).ToArray();
            timestamps = Own((long)rows * sizeof(ulong));
            foreach (var part in parts)
            {
                MemoryMarshal.AsBytes(part.Timestamps).CopyTo(timestamps.Span((long)part.Start * sizeof(ulong), part.Rows * sizeof(ulong)));
            }

            for (var c = 0; c < columns.Length; c++)
            {
                cancel.ThrowIfCancellationRequested();
                columns[c] = Layout.Columns[c].Width > 0 ? Fixed(c, parts) : Variable(c, parts);
            }

            cancel.ThrowIfCancellationRequested();
            keyColumn = columns[Layout.KeyColumn];
            range = KeyRange.Of(keyColumn);
            keys = new(this, keyColumn, Own);
        }
        catch
        {
            Free();
            throw;
        }
    }

    public override int Rows => rows;

    public override long Bytes => owned.Sum(memory => memory.Length);

    public PackedKeys Keys => keys;

    /// <summary>The rows' vectors of a field that the layout has.</summary>
    public NativeColumn Vectors(FieldId field) => columns[Layout.Find(field)];

    /// <summary>Copies the first rows of a store into contiguous columns.</summary>
    /// <exception cref="OperationCanceledException">Cancelled; nothing is held.</exception>
    public static PackedRows From(RowStore source, int rows, CancellationToken cancel) => new(source, rows, cancel);

    public override int ChunkCount(int rows) => rows == 0 ? 0 : 1;

    public override int ChunkOf(int row) => 0;

    public override int ChunkStart(int chunk) => 0;

    public override RowChunk Chunk(int chunk, int rows)
    {
        Invariant.Holds(rows == this.rows && chunk == 0, "a sealed segment was cut");
        return this.chunk;
    }

    public override Key KeyAt(int row) => Key.From(keyIsText, keyColumn.Bytes(row));

    public override Timestamp TimestampAt(int row) => new(MemoryMarshal.Read<ulong>(timestamps.Span((long)row * sizeof(ulong), sizeof(ulong))));

    public override int Newest(in Key key, int bound) => keys.Newest(key);

    public override int Older(int row) => keys.Older(row);

    public override bool MayHold(KeyRange range) => this.range.Meets(range);

    protected override void Free() => owned.ForEach(memory => memory.Dispose());

    private AlignedMemory Own(long bytes)
    {
        var memory = new AlignedMemory(bytes);
        owned.Add(memory);
        return memory;
    }

    private NativeColumn Fixed(int column, RowChunk[] parts)
    {
        var shape = Layout.Columns[column];
        var values = Own((long)rows * shape.Width);
        ulong[]? validity = null;
        foreach (var part in parts)
        {
            var from = part.ColumnAt(column);
            from.Values.CopyTo(values.Span((long)part.Start * shape.Width, part.Rows * shape.Width));
            Validity(ref validity, part, from);
        }

        return new(shape, rows, values, 0, checked((int)values.Length), null, validity);
    }

    private NativeColumn Variable(int column, RowChunk[] parts)
    {
        var values = Own(parts.Sum(part => (long)part.ColumnAt(column).Values.Length));
        var offsets = Own((rows + 1L) * sizeof(uint));
        ulong[]? validity = null;
        var used = 0;
        foreach (var part in parts)
        {
            var from = part.ColumnAt(column);
            from.Values.CopyTo(values.Span(used, from.Values.Length));
            var cuts = MemoryMarshal.Cast<byte, uint>(offsets.Span((part.Start + 1L) * sizeof(uint), part.Rows * sizeof(uint)));
            for (var i = 0; i < cuts.Length; i++)
            {
                cuts[i] = (uint)used + from.Offsets[i + 1];
            }

            used += from.Values.Length;
            Validity(ref validity, part, from);
        }

        return new(Layout.Columns[column], rows, values, 0, checked((int)values.Length), offsets, validity);
    }

    private void Validity(ref ulong[]? validity, RowChunk part, ColumnBlock from)
    {
        if (from.Validity.IsEmpty && validity is null)
        {
            return;
        }

        if (validity is null)
        {
            validity = new ulong[(rows + 63) / 64];
            validity.AsSpan(0, part.Start / 64).Fill(ulong.MaxValue);
        }

        var words = validity.AsSpan(part.Start / 64, (part.Rows + 63) / 64);
        if (from.Validity.IsEmpty)
        {
            words.Fill(ulong.MaxValue);
        }
        else
        {
            from.Validity.CopyTo(words);
        }

        if ((part.Rows & 63) != 0)
        {
            words[^1] &= (1UL << part.Rows) - 1;
        }
    }

    private sealed class Whole(PackedRows store) : RowChunk(store.Layout, 0, store.rows)
    {
        private readonly ConcurrentDictionary<FieldSchema, ColumnBlock> absent = new();

        public override ReadOnlySpan<ulong> Timestamps =>
            MemoryMarshal.Cast<byte, ulong>((ReadOnlySpan<byte>)store.timestamps.Span(0, store.rows * sizeof(ulong)));

        public override ColumnBlock ColumnAt(int index) => store.columns[index];

        protected override ColumnBlock Absent(FieldSchema field) => absent.GetOrAdd(field, base.Absent);
    }
}
