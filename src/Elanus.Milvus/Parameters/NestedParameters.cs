using System.Buffers;
using System.Text;
using System.Text.Json;

namespace Elanus.Milvus;

/// <summary>Index search parameters: older clients put them one object deeper, under <c>params</c> inside of <c>params</c>.</summary>
internal static class NestedParameters
{
    /// <summary>The parameters as one flat object. Text that is no JSON object returns as it came; it is judged where it is used.</summary>
    public static string Unfold(string json)
    {
        if (!json.Contains("\"params\"", StringComparison.Ordinal))
        {
            return json;
        }

        try
        {
            using var document = WholeJson.Parse(json);
            return document.RootElement.ValueKind == JsonValueKind.Object
                && document.RootElement.TryGetProperty("params", out var inner)
                && inner.ValueKind == JsonValueKind.Object
                ? Merged(document.RootElement, inner)
                : json;
        }
        catch (JsonException)
        {
            return json;
        }
    }

    private static string Merged(JsonElement outer, JsonElement inner)
    {
        var buffer = new ArrayBufferWriter<byte>();
        using (var writer = new Utf8JsonWriter(buffer))
        {
            writer.WriteStartObject();
            foreach (var property in inner.EnumerateObject())
            {
                property.WriteTo(writer);
            }

            foreach (var property in outer.EnumerateObject())
            {
                if (property.Name != "params" && !inner.TryGetProperty(property.Name, out _))
                {
                    property.WriteTo(writer);
                }
            }

            writer.WriteEndObject();
        }

        return Encoding.UTF8.GetString(buffer.WrittenSpan);
    }
}
