using System.Buffers.Binary;
using System.Runtime.InteropServices;
using Elanus.Milvus.Wire;

namespace Elanus.Milvus;

/// <summary>One row of array field data, as the bytes that <see cref="ColumnBlock"/> describes.</summary>
internal static class ElementReading
{
    public static Result<ReadOnlyMemory<byte>> Bytes(string name, int row, DataType element, RawScalars elements) => (element, elements.Kind) switch
    {
        (_, RawScalarKind.None) => ReadOnlyMemory<byte>.Empty,
        (DataType.Bool, RawScalarKind.Bool) => elements.Bools,
        (DataType.Int8 or DataType.Int16 or DataType.Int32, RawScalarKind.Int) => Integers(name, row, element, elements.Ints.Span),
        (DataType.Int64, RawScalarKind.Long) => (ReadOnlyMemory<byte>)MemoryMarshal.AsBytes(elements.Longs.Span).ToArray(),
        (DataType.Float, RawScalarKind.Float) or (DataType.Double, RawScalarKind.Double) => elements.Floats,
        (DataType.VarChar, RawScalarKind.Text) => Texts(elements.Blobs.Span),
        (_, var kind) => Failure.Invalid($"the array in row {row} of field {name} has elements of {element}, but its data is {kind}"),
    };

    /// <summary>Appends an integer at its type's width; false where it does not fit.</summary>
    public static bool AppendInteger(ColumnBuilder builder, DataType type, int value)
    {
        switch (type)
        {
            case DataType.Int8 when value is >= sbyte.MinValue and <= sbyte.MaxValue:
                builder.Append((sbyte)value);
                return true;
            case DataType.Int16 when value is >= short.MinValue and <= short.MaxValue:
                builder.Append((short)value);
                return true;
            case DataType.Int32:
                builder.Append(value);
                return true;
            default:
                return false;
        }
    }

    private static Result<ReadOnlyMemory<byte>> Integers(string name, int row, DataType element, ReadOnlySpan<int> values)
    {
        var builder = new ColumnBuilder(element, capacityRows: values.Length);
        foreach (var value in values)
        {
            if (!AppendInteger(builder, element, value))
            {
                return Failure.Invalid($"the {builder.Rows}th element ({value}) of the array in row {row} of field {name} out of range: {element}");
            }
        }

        return builder.Build().ValueMemory;
    }

    private static ReadOnlyMemory<byte> Texts(ReadOnlySpan<ReadOnlyMemory<byte>> values)
    {
        var size = 0;
        foreach (var value in values)
        {
            size += sizeof(uint) + value.Length;
        }

        var bytes = new byte[size];
        var rest = bytes.AsSpan();
        foreach (var value in values)
        {
            BinaryPrimitives.WriteUInt32LittleEndian(rest, (uint)value.Length);
            value.Span.CopyTo(rest[sizeof(uint)..]);
            rest = rest[(sizeof(uint) + value.Length)..];
        }

        return bytes;
    }
}
