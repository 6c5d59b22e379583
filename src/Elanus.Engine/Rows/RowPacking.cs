using System.Runtime.InteropServices;
using Elanus.Primitives;

namespace Elanus.Engine;

/// <summary>
/// Copies rows from chunks into contiguous columns. What comes out depends on the rows alone: not on how they lay before, nor on whether a column
/// without a null said so.
/// </summary>
internal sealed class RowPacking
{
    private readonly SegmentLayout layout;
    private readonly int rows;
    private readonly RowChunk[] parts;
    private readonly List<AlignedMemory> owned = [];

    private RowPacking(RowStore source, int rows)
    {
        layout = source.Layout;
        this.rows = rows;
        parts = [.. Enumerable.Range(0, source.ChunkCount(rows)).Select(i => source.Chunk(i, rows))];
    }

    /// <exception cref="OperationCanceledException">Cancelled; nothing is held.</exception>
    public static PackedParts Pack(RowStore source, int rows, CancellationToken cancel)
    {
        var packing = new RowPacking(source, rows);
        try
        {
            return packing.Pack(cancel);
        }
        catch
        {
            packing.owned.ForEach(memory => memory.Dispose());
            throw;
        }
    }

    private PackedParts Pack(CancellationToken cancel)
    {
        var timestamps = Own((long)rows * sizeof(ulong));
        foreach (var part in parts)
        {
            MemoryMarshal.AsBytes(part.Timestamps).CopyTo(timestamps.Span((long)part.Start * sizeof(ulong), part.Rows * sizeof(ulong)));
        }

        var memory = new PackedColumn[layout.Columns.Length];
        var columns = new NativeColumn[memory.Length];
        for (var c = 0; c < memory.Length; c++)
        {
            cancel.ThrowIfCancellationRequested();
            memory[c] = layout.Columns[c].Width > 0 ? Fixed(c) : Variable(c);
            columns[c] = NativeColumn.Whole(layout.Columns[c], rows, memory[c].Values, memory[c].Offsets, memory[c].Validity);
        }

        cancel.ThrowIfCancellationRequested();
        var keys = columns[layout.KeyColumn];
        return new()
        {
            Layout = layout,
            Rows = rows,
            Timestamps = new(timestamps),
            Memory = [.. memory],
            Columns = [.. columns],
            Keys = PackedKeys.Build(keys, layout.KeyIsText, Own),
            Range = KeyRange.Of(keys),
            Owned = [.. owned],
        };
    }

    private AlignedMemory Own(long bytes)
    {
        var memory = new AlignedMemory(bytes);
        owned.Add(memory);
        return memory;
    }

    private PackedColumn Fixed(int column)
    {
        var shape = layout.Columns[column];
        var values = Own((long)rows * shape.Width);
        ulong[]? validity = null;
        foreach (var part in parts)
        {
            var from = part.ColumnAt(column);
            from.Values.CopyTo(values.Span((long)part.Start * shape.Width, part.Rows * shape.Width));
            Validity(ref validity, part, from);
        }

        return new(new(values), default, Validity(validity));
    }

    private PackedColumn Variable(int column)
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

        return new(new(values), new(offsets), Validity(validity));
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

    /// <summary>Validity in native memory; none where every row has a value.</summary>
    private RowMemory Validity(ulong[]? words)
    {
        if (words is null || words.Sum(word => (long)ulong.PopCount(word)) == rows)
        {
            return default;
        }

        var memory = Own(words.Length * (long)sizeof(ulong));
        MemoryMarshal.AsBytes(words.AsSpan()).CopyTo(memory.Span(0, (int)memory.Length));
        return new(memory);
    }
}
