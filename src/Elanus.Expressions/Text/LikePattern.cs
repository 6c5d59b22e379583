using System.Buffers;
using System.Text;

namespace Elanus.Expressions;

/// <summary>
/// A like pattern: % is any run of characters, _ exactly one code point, a backslash takes the next character as it is (a last one stands for
/// itself). Matching backtracks only to the latest %, so its time is bounded by the product of both lengths.
/// </summary>
internal sealed class LikePattern
{
    private readonly byte[] literal;

    /// <summary>One element a byte of <see cref="literal"/>.</summary>
    private readonly Element[] elements;
    private readonly Shape shape;

    public LikePattern(string pattern)
    {
        var bytes = new List<byte>();
        var kinds = new List<Element>();
        var source = Encoding.UTF8.GetBytes(pattern);
        for (var i = 0; i < source.Length; i++)
        {
            var element = source[i] switch
            {
                (byte)'%' => Element.Any,
                (byte)'_' => Element.One,
                _ => Element.Byte,
            };
            if (source[i] == '\\' && i + 1 < source.Length)
            {
                i++;
                element = Element.Byte;
            }

            if (element == Element.Any && kinds.Count > 0 && kinds[^1] == Element.Any)
            {
                continue;
            }

            bytes.Add(source[i]);
            kinds.Add(element);
        }

        shape = ShapeOf(kinds);
        var start = shape is Shape.Suffix or Shape.Contains ? 1 : 0;
        var end = bytes.Count - (shape is Shape.Prefix or Shape.Contains ? 1 : 0);
        literal = shape == Shape.General ? [.. bytes] : [.. bytes[start..end]];
        elements = [.. kinds];
    }

    private enum Element : byte
    {
        Byte,
        One,
        Any,
    }

    private enum Shape
    {
        Exact,
        Prefix,
        Suffix,
        Contains,
        General,
    }

    public bool Matches(ReadOnlySpan<byte> text) => shape switch
    {
        Shape.Exact => text.SequenceEqual(literal),
        Shape.Prefix => text.StartsWith(literal),
        Shape.Suffix => text.EndsWith(literal),
        Shape.Contains => text.IndexOf(literal) >= 0,
        _ => MatchesElements(text),
    };

    private static Shape ShapeOf(List<Element> kinds)
    {
        var inner = kinds.Count == 0 ? 0 : kinds.FindIndex(1, k => k != Element.Byte);
        var first = kinds.Count > 0 && kinds[0] == Element.Any;
        if (kinds.Contains(Element.One) || (inner > 0 && inner < kinds.Count - 1))
        {
            return Shape.General;
        }

        var last = kinds.Count > 1 && kinds[^1] == Element.Any;
        return (first, last) switch
        {
            (true, true) => Shape.Contains,
            (true, false) => kinds.Count == 1 ? Shape.Prefix : Shape.Suffix,
            (false, true) => Shape.Prefix,
            _ => Shape.Exact,
        };
    }

    private bool MatchesElements(ReadOnlySpan<byte> text)
    {
        int at = 0, element = 0, anyElement = -1, anyAt = 0;
        while (at < text.Length)
        {
            if (element < elements.Length && elements[element] == Element.Any)
            {
                anyElement = element++;
                anyAt = at;
            }
            else if (element < elements.Length && elements[element] == Element.One)
            {
                at += CodePointLength(text[at..]);
                element++;
            }
            else if (element < elements.Length && literal[element] == text[at])
            {
                at++;
                element++;
            }
            else if (anyElement >= 0)
            {
                anyAt += CodePointLength(text[anyAt..]);
                at = anyAt;
                element = anyElement + 1;
            }
            else
            {
                return false;
            }
        }

        while (element < elements.Length && elements[element] == Element.Any)
        {
            element++;
        }

        return element == elements.Length;
    }

    private static int CodePointLength(ReadOnlySpan<byte> text) =>
        Rune.DecodeFromUtf8(text, out _, out var length) == OperationStatus.Done ? length : 1;
}
