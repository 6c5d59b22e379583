using System.Text.Json;
using Elanus.Primitives;

namespace Elanus.Expressions;

/// <summary>Reads a literal from JSON: the elements of the protocol's JSON template arrays.</summary>
public static class JsonLiteral
{
    /// <summary>
    /// A number without a fraction that fits 64 bits is an integer, any other a double; null and objects are no literals. A failure is an
    /// InvalidParameter.
    /// </summary>
    public static Result<Literal> Parse(ReadOnlySpan<byte> utf8)
    {
        try
        {
            var reader = new Utf8JsonReader(utf8, new JsonReaderOptions { MaxDepth = ExpressionLimits.ListNestingMax });
            reader.Read();
            var literal = Read(ref reader);
            return literal.Succeeded && reader.Read() ? Failure.Invalid("a JSON template value is followed by another") : literal;
        }
        catch (JsonException malformed)
        {
            return Failure.Invalid($"a JSON template value is malformed: {malformed.Message}");
        }
    }

    private static Result<Literal> Read(ref Utf8JsonReader reader)
    {
        switch (reader.TokenType)
        {
            case JsonTokenType.True or JsonTokenType.False:
                return Literal.Of(reader.TokenType == JsonTokenType.True);
            case JsonTokenType.Number:
                return reader.TryGetInt64(out var integer) ? Literal.Of(integer)
                    : reader.TryGetDouble(out var number) && double.IsFinite(number) ? Literal.Of(number)
                    : Failure.Invalid("a number of a JSON template value is beyond the range of a double");
            case JsonTokenType.String:
                using (var text = new JsonText(ref reader))
                {
                    return Literal.Of(System.Text.Encoding.UTF8.GetString(text.Utf8));
                }

            case JsonTokenType.StartArray:
                var elements = new List<Literal>();
                while (reader.Read() && reader.TokenType != JsonTokenType.EndArray)
                {
                    if (!Read(ref reader).TryGet(out var element, out var why))
                    {
                        return why;
                    }

                    elements.Add(element);
                }

                return Literal.List(System.Runtime.InteropServices.CollectionsMarshal.AsSpan(elements));
            default:
                return Failure.Invalid($"a JSON template value can be a bool, a number, a text or an array of these, not {reader.TokenType}");
        }
    }
}
