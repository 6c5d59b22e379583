using System.Buffers.Binary;
using System.Runtime.InteropServices;
using System.Text;
using Elanus.Milvus.Protocol.Schema;
using Google.Protobuf.Collections;
using Kind = Elanus.Milvus.Protocol.Schema.ScalarField.DataOneofCase;

namespace Elanus.Milvus;

/// <summary>One row of array field data, as the bytes that <see cref="ColumnBlock"/> describes.</summary>
internal static class ElementReading
{
    public static Result<byte[]> Bytes(string name, int row, Primitives.DataType element, ScalarField elements) => (element, elements.DataCase) switch
    {
        (_, Kind.None) => Result<byte[]>.Ok([]),
        (Primitives.DataType.Bool, Kind.BoolData) => elements.BoolData.Data.Select(v => (byte)(v ? 1 : 0)).ToArray(),
        (Primitives.DataType.Int8 or Primitives.DataType.Int16 or Primitives.DataType.Int32, Kind.IntData) => Integers(name, row, element, elements.IntData.Data),
        (Primitives.DataType.Int64, Kind.LongData) => MemoryMarshal.AsBytes<long>(elements.LongData.Data.ToArray()).ToArray(),
        (Primitives.DataType.Float, Kind.FloatData) => MemoryMarshal.AsBytes<float>(elements.FloatData.Data.ToArray()).ToArray(),
        (Primitives.DataType.Double, Kind.DoubleData) => MemoryMarshal.AsBytes<double>(elements.DoubleData.Data.ToArray()).ToArray(),
        (Primitives.DataType.VarChar, Kind.StringData) => Texts(elements.StringData.Data),
        (_, var kind) => Failure.Invalid($"the array in row {row} of field {name} has elements of {element}, but its data is {kind}"),
    };

    /// <summary>Appends an integer at its type's width; false where it does not fit.</summary>
    public static bool AppendInteger(ColumnBuilder builder, Primitives.DataType type, int value)
    {
        switch (type)
        {
            case Primitives.DataType.Int8 when value is >= sbyte.MinValue and <= sbyte.MaxValue:
                builder.Append((sbyte)value);
                return true;
            case Primitives.DataType.Int16 when value is >= short.MinValue and <= short.MaxValue:
                builder.Append((short)value);
                return true;
            case Primitives.DataType.Int32:
                builder.Append(value);
                return true;
            default:
                return false;
        }
    }

    private static Result<byte[]> Integers(string name, int row, Primitives.DataType element, RepeatedField<int> values)
    {
        var builder = new ColumnBuilder(element, capacityRows: values.Count);
        foreach (var value in values)
        {
            if (!AppendInteger(builder, element, value))
            {
                return Failure.Invalid($"the {builder.Rows}th element ({value}) of the array in row {row} of field {name} out of range: {element}");
            }
        }

        return builder.Build().Values.ToArray();
    }

    private static byte[] Texts(IReadOnlyList<string> values)
    {
        var bytes = new byte[values.Sum(v => sizeof(uint) + Encoding.UTF8.GetByteCount(v))];
        var at = 0;
        foreach (var value in values)
        {
            var length = Encoding.UTF8.GetBytes(value, bytes.AsSpan(at + sizeof(uint)));
            BinaryPrimitives.WriteUInt32LittleEndian(bytes.AsSpan(at), (uint)length);
            at += sizeof(uint) + length;
        }

        return bytes;
    }
}
