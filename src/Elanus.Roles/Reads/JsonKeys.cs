using System.Buffers;
using System.Text.Json;

namespace Elanus.Roles;

/// <summary>Works on the keys of JSON objects without reading their values.</summary>
public static class JsonKeys
{
    public static HeapColumn Keep(ColumnBlock objects, IReadOnlySet<string> keys)
    {
        var builder = new ColumnBuilder(DataType.Json, capacityRows: objects.Rows);
        var buffer = new ArrayBufferWriter<byte>();
        using var writer = new Utf8JsonWriter(buffer);
        for (var row = 0; row < objects.Rows; row++)
        {
            buffer.ResetWrittenCount();
            writer.Reset();
            writer.WriteStartObject();
            if (objects.IsValid(row) && objects.Bytes(row).Length > 0)
            {
                Each(objects.Bytes(row), (key, value) =>
                {
                    if (keys.Contains(key))
                    {
                        Write(writer, key, value);
                    }
                });
            }

            writer.WriteEndObject();
            writer.Flush();
            builder.Append(buffer.WrittenSpan);
        }

        return builder.Build();
    }

    /// <summary>One object with the keys of both; where both have a key, the second's value stands. Both must be valid objects, else the second is given back.</summary>
    public static ReadOnlySpan<byte> Merge(ReadOnlySpan<byte> first, ReadOnlySpan<byte> second)
    {
        try
        {
            var overridden = new HashSet<string>(StringComparer.Ordinal);
            Each(second, (key, _) => overridden.Add(key));
            var buffer = new ArrayBufferWriter<byte>();
            using var writer = new Utf8JsonWriter(buffer);
            writer.WriteStartObject();
            Each(first, (key, value) =>
            {
                if (!overridden.Contains(key))
                {
                    Write(writer, key, value);
                }
            });
            Each(second, (key, value) => Write(writer, key, value));
            writer.WriteEndObject();
            writer.Flush();
            return buffer.WrittenSpan;
        }
        catch (JsonException)
        {
            // The intake checks the value that is given back, and names field and row.
            return second;
        }
    }

    private static void Write(Utf8JsonWriter writer, string key, ReadOnlySpan<byte> value)
    {
        writer.WritePropertyName(key);
        writer.WriteRawValue(value, skipInputValidation: true);
    }

    private static void Each(ReadOnlySpan<byte> json, MemberVisitor visit)
    {
        var reader = new Utf8JsonReader(json);
        reader.Read();
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            var key = reader.GetString()!;
            reader.Read();
            var start = (int)reader.TokenStartIndex;
            reader.Skip();
            visit(key, json[start..(int)reader.BytesConsumed]);
        }
    }

    private delegate void MemberVisitor(string key, ReadOnlySpan<byte> value);
}
