using System.Text;
using System.Text.Json;

namespace Elanus.Primitives;

/// <summary>
/// Parses JSON that clients send, so that what comes out can be read everywhere: the parser itself finds escapes that make half a character only
/// where such a text is read, by an exception that is none of its own.
/// </summary>
public static class WholeJson
{
    /// <exception cref="JsonException">It is no JSON, or a text of it holds half a surrogate pair.</exception>
    public static JsonDocument Parse(string json) => Parse(Encoding.UTF8.GetBytes(json));

    /// <param name="utf8">Valid UTF-8; it must not change while the document is used.</param>
    /// <exception cref="JsonException">It is no JSON, or a text of it holds half a surrogate pair.</exception>
    public static JsonDocument Parse(ReadOnlyMemory<byte> utf8)
    {
        if (utf8.Span.IndexOf("\\u"u8) >= 0 && HalfCharacter(utf8.Span) is { } at)
        {
            throw new JsonException($"the text at byte {at} holds half a surrogate pair");
        }

        return JsonDocument.Parse(utf8);
    }

    /// <summary>Whether the text or key at a reader is made of whole characters.</summary>
    public static bool IsWhole(ref Utf8JsonReader reader)
    {
        if (!reader.ValueIsEscaped)
        {
            return true;
        }

        try
        {
            reader.GetString();
            return true;
        }
        catch (InvalidOperationException)
        {
            return false;
        }
    }

    /// <summary>The position of a text with an escaped surrogate that stands alone, or null.</summary>
    private static long? HalfCharacter(ReadOnlySpan<byte> utf8)
    {
        var reader = new Utf8JsonReader(utf8);
        while (reader.Read())
        {
            if (reader.TokenType is JsonTokenType.String or JsonTokenType.PropertyName && !IsWhole(ref reader))
            {
                return reader.TokenStartIndex;
            }
        }

        return null;
    }
}
