using System.Buffers.Binary;
using System.Globalization;
using System.Runtime.InteropServices;
using System.Text.Json;

namespace Elanus.Milvus.Rest;

/// <summary>Values of columns as JSON.</summary>
public static class ColumnJson
{
    public static void WriteValue(Utf8JsonWriter writer, ColumnBlock column, int row, bool int64AsNumbers)
    {
        if (!column.IsValid(row))
        {
            writer.WriteNullValue();
            return;
        }

        var bytes = column.Bytes(row);
        switch (column.Type)
        {
            case DataType.Int64 when !int64AsNumbers:
                writer.WriteStringValue(column.As<long>()[row].ToString(CultureInfo.InvariantCulture));
                break;
            case DataType.Array:
                WriteArray(writer, column.ElementType, bytes);
                break;
            case DataType.FloatVector:
                WriteFloats(writer, MemoryMarshal.Cast<byte, float>(bytes));
                break;
            case DataType.Int8Vector:
                WriteSigned(writer, bytes);
                break;
            case DataType.SparseFloatVector:
                WriteSparse(writer, bytes);
                break;
            case DataType.BinaryVector or DataType.Float16Vector or DataType.BFloat16Vector:
                writer.WriteBase64StringValue(bytes);
                break;
            default:
                WriteScalar(writer, column.Type, bytes);
                break;
        }
    }

    /// <summary>The name of the list that holds values of a type, as the protocol's scalar fields name them.</summary>
    public static string KindName(DataType type) => type switch
    {
        DataType.Bool => "BoolData",
        DataType.Int8 or DataType.Int16 or DataType.Int32 => "IntData",
        DataType.Int64 => "LongData",
        DataType.Float => "FloatData",
        DataType.Double => "DoubleData",
        _ => "StringData",
    };

    private static void WriteScalar(Utf8JsonWriter writer, DataType type, ReadOnlySpan<byte> bytes)
    {
        switch (type)
        {
            case DataType.Bool:
                writer.WriteBooleanValue(bytes[0] != 0);
                break;
            case DataType.Int8:
                writer.WriteNumberValue((sbyte)bytes[0]);
                break;
            case DataType.Int16:
                writer.WriteNumberValue(BinaryPrimitives.ReadInt16LittleEndian(bytes));
                break;
            case DataType.Int32:
                writer.WriteNumberValue(BinaryPrimitives.ReadInt32LittleEndian(bytes));
                break;
            case DataType.Int64 or DataType.Timestamptz:
                writer.WriteNumberValue(BinaryPrimitives.ReadInt64LittleEndian(bytes));
                break;
            case DataType.Float:
                writer.WriteFloating(BinaryPrimitives.ReadSingleLittleEndian(bytes));
                break;
            case DataType.Double:
                writer.WriteFloating(BinaryPrimitives.ReadDoubleLittleEndian(bytes));
                break;
            default:
                writer.WriteStringValue(bytes);
                break;
        }
    }

    private static void WriteArray(Utf8JsonWriter writer, DataType elementType, ReadOnlySpan<byte> bytes)
    {
        writer.WriteStartObject();
        writer.WriteStartObject("Data");
        writer.WriteStartObject(KindName(elementType));
        writer.WriteStartArray("data");
        while (bytes.Length > 0)
        {
            var prefix = elementType.IsText() ? sizeof(uint) : 0;
            var length = elementType.IsText() ? BinaryPrimitives.ReadInt32LittleEndian(bytes) : elementType.Width();
            WriteScalar(writer, elementType, bytes.Slice(prefix, length));
            bytes = bytes[(prefix + length)..];
        }

        writer.WriteEndArray();
        writer.WriteEndObject();
        writer.WriteEndObject();
        writer.WriteEndObject();
    }

    private static void WriteFloats(Utf8JsonWriter writer, ReadOnlySpan<float> values)
    {
        writer.WriteStartArray();
        foreach (var value in values)
        {
            writer.WriteFloating(value);
        }

        writer.WriteEndArray();
    }

    private static void WriteSigned(Utf8JsonWriter writer, ReadOnlySpan<byte> values)
    {
        writer.WriteStartArray();
        foreach (var value in values)
        {
            writer.WriteNumberValue((sbyte)value);
        }

        writer.WriteEndArray();
    }

    private static void WriteSparse(Utf8JsonWriter writer, ReadOnlySpan<byte> pairs)
    {
        writer.WriteStartObject();
        for (; pairs.Length > 0; pairs = pairs[SparseRow.PairBytes..])
        {
            writer.WritePropertyName(BinaryPrimitives.ReadUInt32LittleEndian(pairs).ToString(CultureInfo.InvariantCulture));
            writer.WriteFloating(BinaryPrimitives.ReadSingleLittleEndian(pairs[sizeof(uint)..]));
        }

        writer.WriteEndObject();
    }
}
