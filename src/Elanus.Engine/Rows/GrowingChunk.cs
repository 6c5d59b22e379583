using System.Runtime.InteropServices;
using Elanus.Primitives;

namespace Elanus.Engine;

/// <summary>
/// A run of rows of a growing segment. Fixed-width columns and timestamps lie in one block of native memory; variable values in arrays
/// that are replaced when they fill. One writer appends; readers see rows below a count that is published after the rows are written,
/// and take array references after that count, so an array they see holds every row they may read.
/// </summary>
internal sealed class GrowingChunk : IDisposable
{
    private readonly SegmentLayout layout;
    private readonly AlignedMemory memory;
    private readonly long[] starts;
    private readonly byte[]?[] variable;
    private readonly uint[]?[] offsets;
    private readonly ulong[]?[] validity;
    private readonly int capacity;
    private int rows;

    public GrowingChunk(SegmentLayout layout, int capacity)
    {
        this.layout = layout;
        this.capacity = capacity;
        var columns = layout.Columns;
        starts = new long[columns.Length];
        variable = new byte[columns.Length][];
        offsets = new uint[columns.Length][];
        validity = new ulong[columns.Length][];
        var bytes = Aligned((long)capacity * sizeof(ulong));
        for (var c = 0; c < columns.Length; c++)
        {
            starts[c] = bytes;
            bytes += Aligned((long)capacity * columns[c].Width);
            if (columns[c].Width == 0)
            {
                variable[c] = [];
                offsets[c] = GC.AllocateArray<uint>(capacity + 1, pinned: IsPinned(c));
            }
        }

        memory = new(bytes);
    }

    /// <summary>Bytes held, native and managed. Any thread; a little behind at worst.</summary>
    public long Bytes => memory.Length + variable.Sum(v => v?.Length ?? 0) + offsets.Sum(o => (o?.Length ?? 0) * (long)sizeof(uint));

    public int Free => capacity - rows;

    public ReadOnlySpan<ulong> Timestamps(int count) => MemoryMarshal.Cast<byte, ulong>((ReadOnlySpan<byte>)memory.Span(0, count * sizeof(ulong)));

    public ColumnBlock Column(int column, int count)
    {
        var shape = layout.Columns[column];
        return shape.Width == 0
            ? new ArrayColumn(shape, count, Volatile.Read(ref variable[column])!, offsets[column]!, Volatile.Read(ref validity[column]))
            : NativeColumn.Growing(shape, count, memory, starts[column], Volatile.Read(ref validity[column]));
    }

    public ReadOnlySpan<byte> Value(int column, int row)
    {
        var width = layout.Columns[column].Width;
        if (width > 0)
        {
            return memory.Span(starts[column] + ((long)row * width), width);
        }

        var cuts = offsets[column]!;
        return Volatile.Read(ref variable[column]).AsSpan((int)cuts[row], (int)(cuts[row + 1] - cuts[row]));
    }

    /// <summary>Appends rows [from, from + count) of the sources, one a column, at one timestamp for all or one for each. The writer's thread only.</summary>
    public void Append(ReadOnlySpan<ColumnSource> sources, int from, int count, ReadOnlySpan<ulong> timestamps)
    {
        Invariant.Holds(count <= Free, "rows were appended past a chunk's end");
        var stamps = MemoryMarshal.Cast<byte, ulong>(memory.Span((long)rows * sizeof(ulong), count * sizeof(ulong)));
        if (timestamps.Length == 1)
        {
            stamps.Fill(timestamps[0]);
        }
        else
        {
            timestamps.CopyTo(stamps);
        }

        for (var c = 0; c < sources.Length; c++)
        {
            if (layout.Columns[c].Width > 0)
            {
                AppendFixed(c, sources[c], from, count);
            }
            else
            {
                AppendVariable(c, sources[c], from, count);
            }

            AppendValidity(c, sources[c], from, count);
        }

        rows += count;
    }

    public void Dispose() => memory.Dispose();

    /// <summary>Sparse vectors are searched by address.</summary>
    private bool IsPinned(int column) => layout.Columns[column].Type == DataType.SparseFloatVector;

    private static long Aligned(long bytes) => (bytes + AlignedMemory.Alignment - 1) & -AlignedMemory.Alignment;

    private void AppendFixed(int column, in ColumnSource source, int from, int count)
    {
        var width = layout.Columns[column].Width;
        var target = memory.Span(starts[column] + ((long)rows * width), count * width);
        if (source.Column is { } values)
        {
            values.Values.Slice(from * width, count * width).CopyTo(target);
        }
        else if (source.Constant is { } constant)
        {
            for (var at = 0; at < target.Length; at += width)
            {
                constant.CopyTo(target[at..]);
            }
        }
    }

    private void AppendVariable(int column, in ColumnSource source, int from, int count)
    {
        var cuts = offsets[column]!;
        var used = cuts[rows];
        if (source.Column is { } values)
        {
            var sourceCuts = values.Offsets.Slice(from, count + 1);
            var part = values.Values[(int)sourceCuts[0]..(int)sourceCuts[^1]];
            part.CopyTo(Reserve(column, (int)used, part.Length));
            for (var i = 1; i <= count; i++)
            {
                cuts[rows + i] = used + sourceCuts[i] - sourceCuts[0];
            }

            return;
        }

        var constant = source.Constant ?? [];
        var target = Reserve(column, (int)used, constant.Length * count);
        for (var i = 1; i <= count; i++)
        {
            constant.CopyTo(target[((i - 1) * constant.Length)..]);
            cuts[rows + i] = used + (uint)(i * constant.Length);
        }
    }

    private Span<byte> Reserve(int column, int used, int bytes)
    {
        var values = variable[column]!;
        if (used + bytes > values.Length)
        {
            var grown = GC.AllocateUninitializedArray<byte>((int)Math.Max(used + bytes, Math.Min(values.Length * 2L, Array.MaxLength)), IsPinned(column));
            values.AsSpan(0, used).CopyTo(grown);
            Volatile.Write(ref variable[column], grown);
            values = grown;
        }

        return values.AsSpan(used, bytes);
    }

    private void AppendValidity(int column, in ColumnSource source, int from, int count)
    {
        var bits = validity[column];
        var mayBeNull = source.IsNull || source.Column?.Validity.IsEmpty == false;
        if (bits is null)
        {
            if (!mayBeNull)
            {
                return;
            }

            bits = new ulong[(capacity + 63) / 64];
            for (var row = 0; row < rows; row++)
            {
                bits[row >> 6] |= 1UL << row;
            }
        }

        for (var i = 0; i < count; i++)
        {
            if (!mayBeNull || source.Column?.IsValid(from + i) == true)
            {
                bits[(rows + i) >> 6] |= 1UL << (rows + i);
            }
        }

        Volatile.Write(ref validity[column], bits);
    }
}
