using System.Buffers.Binary;
using System.Runtime.InteropServices;
using Elanus.Primitives;

namespace Elanus.Expressions;

/// <summary>The elements of an array column's rows, as ColumnBlock lays them out.</summary>
internal readonly ref struct ArrayReader
{
    private readonly ReadOnlySpan<byte> values;
    private readonly ReadOnlySpan<uint> offsets;
    private readonly int width;

    public ArrayReader(scoped in RowSlice rows, ColumnBlock column, DataType elementType)
    {
        values = column.Values;
        offsets = column.Offsets.Slice(rows.Start, rows.Count + 1);
        width = elementType.IsText() ? 0 : elementType.Width();
    }

    /// <summary>The bytes of all elements of a row.</summary>
    public ReadOnlySpan<byte> Row(int row) => values[(int)offsets[row]..(int)offsets[row + 1]];

    /// <summary>How many elements a row has.</summary>
    public int Length(int row)
    {
        var rest = Row(row);
        if (width > 0)
        {
            return rest.Length / width;
        }

        var count = 0;
        while (TryText(ref rest, out _))
        {
            count++;
        }

        return count;
    }

    /// <summary>One element's bytes; false where the row has fewer.</summary>
    public bool TryElement(int row, int index, out ReadOnlySpan<byte> element)
    {
        var rest = Row(row);
        if (width > 0)
        {
            var inside = index < rest.Length / width;
            element = inside ? rest.Slice(index * width, width) : [];
            return inside;
        }

        for (; TryText(ref rest, out element); index--)
        {
            if (index == 0)
            {
                return true;
            }
        }

        return false;
    }

    /// <summary>Cuts the next text element off the bytes that are left.</summary>
    public static bool TryText(scoped ref ReadOnlySpan<byte> rest, out ReadOnlySpan<byte> text)
    {
        if (rest.IsEmpty)
        {
            text = [];
            return false;
        }

        var length = (int)BinaryPrimitives.ReadUInt32LittleEndian(rest);
        text = rest.Slice(sizeof(uint), length);
        rest = rest[(sizeof(uint) + length)..];
        return true;
    }

    /// <summary>A fixed-width integer element; a Bool is 0 or 1.</summary>
    public static long Integer(ReadOnlySpan<byte> element, DataType type) => type switch
    {
        DataType.Bool => element[0] != 0 ? 1 : 0,
        DataType.Int8 => (sbyte)element[0],
        DataType.Int16 => MemoryMarshal.Read<short>(element),
        DataType.Int32 => MemoryMarshal.Read<int>(element),
        _ => MemoryMarshal.Read<long>(element),
    };

    public static double Floating(ReadOnlySpan<byte> element, DataType type) =>
        type == DataType.Float ? MemoryMarshal.Read<float>(element) : MemoryMarshal.Read<double>(element);
}
