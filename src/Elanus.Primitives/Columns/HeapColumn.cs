using System.Runtime.InteropServices;

namespace Elanus.Primitives;

/// <summary>A column over managed memory or a slice of a received buffer; it owns nothing and copies nothing.</summary>
public sealed class HeapColumn : ColumnBlock
{
    private readonly ReadOnlyMemory<byte> values;
    private readonly ReadOnlyMemory<byte> offsets;
    private readonly ReadOnlyMemory<byte> validity;

    /// <param name="type">The type; with <paramref name="elementType"/> for arrays and <paramref name="dimension"/> for dense vectors.</param>
    /// <param name="rows">Number of rows.</param>
    /// <param name="values">Bytes as <see cref="ColumnBlock"/> lays them out.</param>
    /// <param name="offsets">rows + 1 uint32 for variable types; else empty.</param>
    /// <param name="validity">ceil(rows / 64) uint64, or empty where every row has a value.</param>
    public HeapColumn(
        DataType type,
        DataType elementType,
        int dimension,
        int rows,
        ReadOnlyMemory<byte> values,
        ReadOnlyMemory<byte> offsets,
        ReadOnlyMemory<byte> validity)
    {
        Type = type;
        ElementType = elementType;
        Dimension = dimension;
        Rows = rows;
        this.values = values;
        this.offsets = offsets;
        this.validity = validity;
        Invariant.Holds(
            type.IsVariable() ? offsets.Length == (rows + 1) * sizeof(uint) : values.Length == (long)rows * type.Width(dimension),
            "a column's bytes do not match its rows");
        Invariant.Holds(validity.IsEmpty || validity.Length == (rows + 63) / 64 * sizeof(ulong), "a column's validity does not match its rows");
    }

    public override DataType Type { get; }

    public override DataType ElementType { get; }

    public override int Dimension { get; }

    public override int Rows { get; }

    public override ReadOnlySpan<byte> Values => values.Span;

    public override ReadOnlySpan<uint> Offsets => MemoryMarshal.Cast<byte, uint>(offsets.Span);

    public override ReadOnlySpan<ulong> Validity => MemoryMarshal.Cast<byte, ulong>(validity.Span);

    /// <summary>The three parts as memory, for writing them out without a copy.</summary>
    public ReadOnlyMemory<byte> ValueMemory => values;

    public ReadOnlyMemory<byte> OffsetMemory => offsets;

    public ReadOnlyMemory<byte> ValidityMemory => validity;
}
