using System.Text.Json;

namespace Elanus.Milvus.Rest;

/// <summary>Shapes that several replies have.</summary>
internal static class JsonWriting
{
    public static void WriteTexts(this Utf8JsonWriter writer, IEnumerable<string> texts)
    {
        writer.WriteStartArray();
        foreach (var text in texts)
        {
            writer.WriteStringValue(text);
        }

        writer.WriteEndArray();
    }

    /// <summary>Key/value pairs as Milvus shows them: a list of objects with a key and a value.</summary>
    public static void WritePairs(this Utf8JsonWriter writer, string name, IEnumerable<KeyValuePair<string, string>> pairs)
    {
        writer.WriteStartArray(name);
        foreach (var (key, value) in pairs)
        {
            writer.WriteStartObject();
            writer.WriteString("key", key);
            writer.WriteString("value", value);
            writer.WriteEndObject();
        }

        writer.WriteEndArray();
    }

    /// <summary>A floating number; JSON has no word for infinities and NaN, they are written as texts.</summary>
    public static void WriteFloating(this Utf8JsonWriter writer, double value)
    {
        if (double.IsFinite(value))
        {
            writer.WriteNumberValue(value);
        }
        else
        {
            writer.WriteStringValue(value.ToString(System.Globalization.CultureInfo.InvariantCulture));
        }
    }

    /// <summary>As <see cref="WriteFloating(Utf8JsonWriter, double)"/>, with no more digits than 32 bits have.</summary>
    public static void WriteFloating(this Utf8JsonWriter writer, float value)
    {
        if (float.IsFinite(value))
        {
            writer.WriteNumberValue(value);
        }
        else
        {
            writer.WriteStringValue(value.ToString(System.Globalization.CultureInfo.InvariantCulture));
        }
    }
}
