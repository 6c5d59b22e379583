using System.Runtime.InteropServices;
using Elanus.Primitives;
using Elanus.Vectors;

namespace Elanus.Engine;

/// <summary>A column in native memory, or a part of one. It owns nothing: the store that made it does, and a view pins the store.</summary>
internal sealed class NativeColumn(ColumnLayout layout, int rows, AlignedMemory values, long start, int valueBytes, AlignedMemory? offsets, ulong[]? validity)
    : ColumnBlock
{
    public override DataType Type => layout.Type;

    public override DataType ElementType => layout.ElementType;

    public override int Dimension => layout.Dimension;

    public override int Rows => rows;

    public override ReadOnlySpan<byte> Values => values.Span(start, valueBytes);

    public override ReadOnlySpan<uint> Offsets =>
        offsets is null ? default : MemoryMarshal.Cast<byte, uint>((ReadOnlySpan<byte>)offsets.Span(0, (rows + 1) * sizeof(uint)));

    /// <summary>The rows of a dense vector column, for a search; <paramref name="firstRow"/> is their place in the segment.</summary>
    public unsafe VectorBlock Block(int firstRow) => new(values.Pointer + start, rows, firstRow);

    public override ReadOnlySpan<ulong> Validity => validity is null ? default : validity.AsSpan(0, (rows + 63) / 64);
}
