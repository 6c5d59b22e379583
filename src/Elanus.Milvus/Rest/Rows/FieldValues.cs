using System.Buffers.Binary;
using System.Runtime.InteropServices;
using System.Text;
using System.Text.Json;

namespace Elanus.Milvus.Rest;

/// <summary>One JSON value as the value of a field. Null means appended; else what is wrong with the value, for a sentence that names row and field.</summary>
internal static class FieldValues
{
    public static string? Append(ColumnBuilder builder, FieldSchema field, JsonElement value) => field.Type switch
    {
        DataType.Bool => Truth(builder, value),
        DataType.Int8 or DataType.Int16 or DataType.Int32 or DataType.Int64 or DataType.Timestamptz => Integer(builder, field.Type, value),
        DataType.Float or DataType.Double => Floating(builder, field.Type, value),
        DataType.Json => Json(builder, value),
        DataType.Array => Array(builder, field, value),
        _ when field.Type.IsVector() => VectorValues.Append(builder, field, value),
        _ => Text(builder, value),
    };

    private static string? Truth(ColumnBuilder builder, JsonElement value)
    {
        if (JsonScalars.Truth(value) is not { } truth)
        {
            return $"{value} is neither true nor false";
        }

        builder.Append((byte)(truth ? 1 : 0));
        return null;
    }

    private static string? Integer(ColumnBuilder builder, DataType type, JsonElement value)
    {
        if (JsonScalars.Integer(type, value) is not { } number)
        {
            return $"{value} is no whole number of this type";
        }

        builder.Append(FieldValue.Of(number));
        return null;
    }

    private static string? Floating(ColumnBuilder builder, DataType type, JsonElement value)
    {
        if (JsonScalars.Floating(type, value) is not { } number)
        {
            return $"{value} is no number of this type";
        }

        builder.Append(FieldValue.Of(number));
        return null;
    }

    private static string? Text(ColumnBuilder builder, JsonElement value)
    {
        if (JsonScalars.Text(value) is not { } text)
        {
            return $"{value.ValueKind} is no text";
        }

        builder.AppendText(text);
        return null;
    }

    /// <summary>Any value; a text that holds JSON is taken for what it holds.</summary>
    private static string? Json(ColumnBuilder builder, JsonElement value)
    {
        if (value.ValueKind == JsonValueKind.String && IsJson(value.GetString()!))
        {
            builder.AppendText(value.GetString()!);
        }
        else
        {
            builder.Append(JsonMarshal.GetRawUtf8Value(value));
        }

        return null;
    }

    private static bool IsJson(string text)
    {
        var reader = new Utf8JsonReader(Encoding.UTF8.GetBytes(text));
        try
        {
            return reader.Read() && reader.TrySkip() && !reader.Read();
        }
        catch (JsonException)
        {
            return false;
        }
    }

    private static string? Array(ColumnBuilder builder, FieldSchema field, JsonElement value)
    {
        if (value.ValueKind != JsonValueKind.Array)
        {
            return $"{value.ValueKind} is no list";
        }

        var elements = new ColumnBuilder(field.ElementType, capacityRows: value.GetArrayLength());
        var element = new FieldSchema { Id = field.Id, Name = field.Name, Type = field.ElementType };
        foreach (var item in value.EnumerateArray())
        {
            if (item.ValueKind == JsonValueKind.Null)
            {
                return "an element of a list cannot be null";
            }

            if (Append(elements, element, item) is { } wrong)
            {
                return $"element {elements.Rows}: {wrong}";
            }
        }

        builder.Append(field.ElementType.IsText() ? Prefixed(elements.Build()) : elements.Build().Values);
        return null;
    }

    /// <summary>Texts as an array holds them: each its length and its bytes.</summary>
    private static ReadOnlySpan<byte> Prefixed(HeapColumn texts)
    {
        var bytes = new byte[texts.Values.Length + (texts.Rows * sizeof(uint))];
        var rest = bytes.AsSpan();
        for (var row = 0; row < texts.Rows; row++)
        {
            var text = texts.Bytes(row);
            BinaryPrimitives.WriteInt32LittleEndian(rest, text.Length);
            text.CopyTo(rest[sizeof(uint)..]);
            rest = rest[(sizeof(uint) + text.Length)..];
        }

        return bytes;
    }
}
