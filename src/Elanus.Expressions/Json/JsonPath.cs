using System.Collections.Immutable;
using System.Text;
using System.Text.Json;

namespace Elanus.Expressions;

/// <summary>
/// A way into a JSON document, step by step, as a JSON pointer goes (RFC 6901): in an object a step is a key, in an array an index. The first of equal keys counts.
/// </summary>
internal sealed class JsonPath(ImmutableArray<PathStep> steps)
{
    private readonly ImmutableArray<(byte[] Key, int Index)> steps = [.. steps.Select(s => (Encoding.UTF8.GetBytes(s.Key), IndexOf(s)))];

    /// <summary>Moves a reader at the start of a document to the value; false where there is none. Reads no further than it must.</summary>
    public bool TryEnter(ref Utf8JsonReader reader)
    {
        if (!reader.Read())
        {
            return false;
        }

        foreach (var (key, index) in steps.AsSpan())
        {
            var found = reader.TokenType switch
            {
                JsonTokenType.StartObject => TryKey(ref reader, key),
                JsonTokenType.StartArray => index >= 0 && TryIndex(ref reader, index),
                _ => false,
            };
            if (!found)
            {
                return false;
            }
        }

        return true;
    }

    private static bool TryKey(ref Utf8JsonReader reader, ReadOnlySpan<byte> key)
    {
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            var found = JsonText.Equals(ref reader, key);
            reader.Read();
            if (found)
            {
                return true;
            }

            reader.Skip();
        }

        return false;
    }

    private static bool TryIndex(ref Utf8JsonReader reader, int index)
    {
        while (reader.Read() && reader.TokenType != JsonTokenType.EndArray)
        {
            if (index-- == 0)
            {
                return true;
            }

            reader.Skip();
        }

        return false;
    }

    /// <summary>A quoted key that is a number in its shortest form is an index too.</summary>
    private static int IndexOf(PathStep step) =>
        step.Index >= 0 ? step.Index
        : int.TryParse(step.Key, System.Globalization.NumberStyles.None, null, out var index) && (step.Key.Length == 1 || step.Key[0] != '0') ? index
        : -1;
}
