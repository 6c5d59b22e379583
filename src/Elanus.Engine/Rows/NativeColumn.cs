using Elanus.Primitives;
using Elanus.Vectors;

namespace Elanus.Engine;

/// <summary>A column in native memory or in a mapped file, or a part of one. It owns nothing: the store that made it does, and a view pins the store.</summary>
internal sealed class NativeColumn(ColumnLayout layout, int rows, RowMemory values, long start, int valueBytes, RowMemory offsets, RowMemory validity, ulong[]? grown)
    : ColumnBlock
{
    public override DataType Type => layout.Type;

    public override DataType ElementType => layout.ElementType;

    public override int Dimension => layout.Dimension;

    public override int Rows => rows;

    public override ReadOnlySpan<byte> Values => values.Span(start, valueBytes);

    public override ReadOnlySpan<uint> Offsets => offsets.Exists ? offsets.As<uint>(rows + 1) : default;

    public override ReadOnlySpan<ulong> Validity =>
        validity.Exists ? validity.As<ulong>((rows + 63) / 64) : grown is null ? default : grown.AsSpan(0, (rows + 63) / 64);

    /// <summary>Part of a growing chunk: fixed-width values, and validity in an array that is replaced as it grows.</summary>
    public static NativeColumn Growing(ColumnLayout layout, int rows, AlignedMemory values, long start, ulong[]? validity) =>
        new(layout, rows, new(values), start, rows * layout.Width, default, default, validity);

    /// <summary>A whole column of a sealed segment.</summary>
    public static NativeColumn Whole(ColumnLayout layout, int rows, RowMemory values, RowMemory offsets, RowMemory validity) =>
        new(layout, rows, values, 0, checked((int)values.Length), offsets, validity, null);

    /// <summary>The rows of a dense vector column, for a search; <paramref name="firstRow"/> is their place in the segment.</summary>
    public unsafe VectorBlock Block(int firstRow) => new(values.Pointer + start, rows, firstRow);
}
