using Elanus.Primitives;

namespace Elanus.Engine;

/// <summary>Variable-size values of a growing chunk, up to a published row. The arrays may hold more rows behind it.</summary>
internal sealed class ArrayColumn(ColumnLayout layout, int rows, byte[] values, uint[] offsets, ulong[]? validity) : ColumnBlock
{
    public override DataType Type => layout.Type;

    public override DataType ElementType => layout.ElementType;

    public override int Rows => rows;

    public override ReadOnlySpan<byte> Values => values.AsSpan(0, (int)offsets[rows]);

    public override ReadOnlySpan<uint> Offsets => offsets.AsSpan(0, rows + 1);

    public override ReadOnlySpan<ulong> Validity => validity is null ? default : validity.AsSpan(0, (rows + 63) / 64);
}
