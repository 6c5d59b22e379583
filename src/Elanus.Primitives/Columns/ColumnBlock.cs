using System.Runtime.InteropServices;

namespace Elanus.Primitives;

/// <summary>
/// The values of one field for a run of rows, wherever they lie (a log payload, a growing segment's chunk, a mapped file).
/// Fixed-width values lie one after another in <see cref="Values"/>. Variable ones lie in <see cref="Values"/> cut by
/// <see cref="Offsets"/> (rows + 1 entries). Little endian throughout. Encodings of one variable value:
/// text and JSON are UTF-8; a sparse vector is (uint32 index, float32 value) pairs in ascending order of index; an array is its elements one
/// after another at their fixed width, or, for text elements, each a uint32 length and the bytes.
/// A null row has its validity bit clear and a zero or empty value.
/// </summary>
public abstract class ColumnBlock
{
    public abstract DataType Type { get; }

    /// <summary>Type of an array's elements; None otherwise.</summary>
    public virtual DataType ElementType => DataType.None;

    /// <summary>Elements of a dense vector; 0 otherwise.</summary>
    public virtual int Dimension => 0;

    public abstract int Rows { get; }

    public abstract ReadOnlySpan<byte> Values { get; }

    /// <summary>Byte offsets into <see cref="Values"/>, rows + 1 of them; empty for fixed-width types.</summary>
    public abstract ReadOnlySpan<uint> Offsets { get; }

    /// <summary>One bit a row, least significant first, set where the row has a value; empty where every row has one.</summary>
    public abstract ReadOnlySpan<ulong> Validity { get; }

    /// <summary>The fixed-width values as numbers.</summary>
    public ReadOnlySpan<T> As<T>()
        where T : unmanaged => MemoryMarshal.Cast<byte, T>(Values);

    public bool IsValid(int row)
    {
        var validity = Validity;
        return validity.IsEmpty || (validity[row >> 6] >> row & 1) != 0;
    }

    /// <summary>The bytes of one row's value, fixed or variable.</summary>
    public ReadOnlySpan<byte> Bytes(int row)
    {
        if (Type.IsVariable())
        {
            var offsets = Offsets;
            return Values[(int)offsets[row]..(int)offsets[row + 1]];
        }

        var width = Type.Width(Dimension);
        return Values.Slice(row * width, width);
    }
}
