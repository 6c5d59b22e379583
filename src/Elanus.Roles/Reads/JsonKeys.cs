using System.Buffers;
using System.Text.Json;
using Elanus.Expressions;

namespace Elanus.Roles;

/// <summary>
/// Works on the keys of stored JSON objects without reading their values, which stay as they came, half characters included. Keys are whole:
/// the intake sees to it.
/// </summary>
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

    /// <summary>Writes one member as it is stored.</summary>
    public static void Write(Utf8JsonWriter writer, string key, ReadOnlySpan<byte> value)
    {
        writer.WritePropertyName(key);
        writer.WriteRawValue(value, skipInputValidation: true);
    }

    /// <summary>Visits the members of an object.</summary>
    public static void Each(ReadOnlySpan<byte> json, MemberVisitor visit)
    {
        var reader = new Utf8JsonReader(json, new JsonReaderOptions { MaxDepth = ExpressionLimits.JsonDepthMax });
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

    /// <summary>Takes a member: its key, and its value's JSON.</summary>
    public delegate void MemberVisitor(string key, ReadOnlySpan<byte> value);
}
