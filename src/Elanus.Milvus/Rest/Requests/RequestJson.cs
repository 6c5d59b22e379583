using System.Text.Json;
using System.Text.Unicode;

namespace Elanus.Milvus.Rest;

/// <summary>
/// Parses request bodies. A document that comes out can be read everywhere: its bytes are UTF-8 and its escapes make whole characters, which
/// the parser itself checks only where a text is read.
/// </summary>
internal static class RequestJson
{
    public static Result<JsonDocument> Parse(ReadOnlyMemory<byte> body)
    {
        if (body.IsEmpty)
        {
            return RestFailures.Format("the request body is empty, but {} is valid");
        }

        if (!Utf8.IsValid(body.Span))
        {
            return RestFailures.Format("the request body is not UTF-8");
        }

        try
        {
            if (body.Span.IndexOf("\\u"u8) >= 0 && HalfCharacter(body.Span) is { } at)
            {
                return RestFailures.Format($"the text at byte {at} holds half a surrogate pair");
            }

            return JsonDocument.Parse(body);
        }
        catch (JsonException broken)
        {
            return RestFailures.Format(broken.Message);
        }
    }

    /// <summary>The position of a text with an escaped surrogate that stands alone, or null.</summary>
    private static long? HalfCharacter(ReadOnlySpan<byte> body)
    {
        var reader = new Utf8JsonReader(body);
        while (reader.Read())
        {
            if (reader.TokenType is not (JsonTokenType.String or JsonTokenType.PropertyName) || !reader.ValueIsEscaped)
            {
                continue;
            }

            try
            {
                reader.GetString();
            }
            catch (InvalidOperationException)
            {
                return reader.TokenStartIndex;
            }
        }

        return null;
    }
}
