using System.Buffers.Binary;
using System.Runtime.InteropServices;
using Elanus.Primitives;

namespace Elanus.Engine;

/// <summary>
/// One column inside a payload: a 32-byte header, then offsets, validity and values, each padded to 8 bytes (docs/formats.md). Decoding
/// is a view over the payload; it checks everything that a reader of the column relies on.
/// </summary>
internal static class ColumnCodec
{
    public const int HeaderBytes = 32;

    private const ushort HasValidity = 1;

    public static void Write(PayloadWriter payload, FieldId field, ColumnBlock column)
    {
        var heap = column as HeapColumn;
        payload.Byte((byte)column.Type);
        payload.Byte((byte)column.ElementType);
        payload.UInt16(column.Validity.IsEmpty ? (ushort)0 : HasValidity);
        payload.Int32(column.Dimension);
        payload.Int64(field.Value);
        payload.Int32(column.Rows);
        payload.Int32(0);
        payload.Int64(column.Values.Length);
        if (column.Type.IsVariable())
        {
            payload.Bytes(heap?.OffsetMemory ?? MemoryMarshal.AsBytes(column.Offsets).ToArray());
        }

        if (!column.Validity.IsEmpty)
        {
            payload.Bytes(heap?.ValidityMemory ?? MemoryMarshal.AsBytes(column.Validity).ToArray());
        }

        payload.Bytes(heap?.ValueMemory ?? column.Values.ToArray());
    }

    public static FieldColumn Read(ref PayloadReader payload)
    {
        var type = (DataType)payload.Byte();
        var elementType = (DataType)payload.Byte();
        var flags = payload.UInt16();
        var dimension = payload.Int32();
        var field = new FieldId(payload.Int64());
        var rows = payload.Int32();
        PayloadReader.Require(payload.Int32() == 0 && flags <= HasValidity && rows >= 0, $"the header of column {field} is damaged");
        var valueBytes = payload.Int64();
        CheckType(field, type, elementType, dimension);
        var offsets = type.IsVariable() ? payload.Bytes((rows + 1L) * sizeof(uint)) : default;
        var validity = (flags & HasValidity) != 0 ? payload.Bytes((rows + 63L) / 64 * sizeof(ulong)) : default;
        if (!type.IsVariable())
        {
            PayloadReader.Require(valueBytes == (long)rows * type.Width(dimension), $"column {field} has a length that does not match its rows");
        }

        var values = payload.Bytes(valueBytes);
        if (type.IsVariable())
        {
            CheckVariable(field, type, elementType, offsets.Span, values.Span);
        }

        return new(field, new HeapColumn(type, elementType, dimension, rows, values, offsets, validity));
    }

    private static void CheckType(FieldId field, DataType type, DataType elementType, int dimension)
    {
        var known = type is DataType.Timestamptz || type.IsVariable() || type.IsNumeric() || type == DataType.Bool || type.IsDenseVector();
        PayloadReader.Require(known, $"column {field} has the unknown type {(int)type}");
        var dimensionFits = type.IsDenseVector()
            ? dimension is > 0 and < 1 << 24 && (type != DataType.BinaryVector || dimension % 8 == 0)
            : dimension == 0;
        PayloadReader.Require(dimensionFits, $"column {field} has the dimension {dimension}");
        var elementFits = type == DataType.Array
            ? elementType == DataType.Bool || elementType.IsNumeric() || elementType.IsText()
            : elementType == DataType.None;
        PayloadReader.Require(elementFits, $"column {field} has the element type {(int)elementType}");
    }

    private static void CheckVariable(FieldId field, DataType type, DataType elementType, ReadOnlySpan<byte> offsetBytes, ReadOnlySpan<byte> values)
    {
        var offsets = MemoryMarshal.Cast<byte, uint>(offsetBytes);
        PayloadReader.Require(offsets[0] == 0 && offsets[^1] == values.Length, $"the offsets of column {field} do not cover its values");
        for (var row = 1; row < offsets.Length; row++)
        {
            PayloadReader.Require(offsets[row - 1] <= offsets[row] && offsets[row] <= values.Length, $"the offsets of column {field} are not in order");
            var value = values[(int)offsets[row - 1]..(int)offsets[row]];
            var whole = type switch
            {
                DataType.SparseFloatVector => IsSparse(value),
                DataType.Array when elementType.IsText() => IsTextArray(value),
                DataType.Array => value.Length % elementType.Width() == 0,
                _ => true,
            };
            PayloadReader.Require(whole, $"a value of column {field} is damaged");
        }
    }

    private static bool IsSparse(ReadOnlySpan<byte> value)
    {
        var previous = -1L;
        for (var at = 0; at + 8 <= value.Length; at += 8)
        {
            var index = BinaryPrimitives.ReadUInt32LittleEndian(value[at..]);
            if (index <= previous)
            {
                return false;
            }

            previous = index;
        }

        return value.Length % 8 == 0;
    }

    private static bool IsTextArray(ReadOnlySpan<byte> value)
    {
        while (value.Length >= sizeof(uint))
        {
            var length = BinaryPrimitives.ReadUInt32LittleEndian(value);
            if (length > value.Length - sizeof(uint))
            {
                return false;
            }

            value = value[(sizeof(uint) + (int)length)..];
        }

        return value.IsEmpty;
    }
}
