using System.Text;
using System.Text.Unicode;

namespace Elanus.Expressions;

/// <summary>
/// Quoted text. Escapes: \a \b \f \n \r \t \v \\ \' \" \?, three octal digits, \x and two hexadecimal ones, \u and four, \U and eight.
/// Octal and \x name bytes of UTF-8, the other two code points; together they must be well formed.
/// </summary>
internal static class TextLiteral
{
    /// <summary>Reads from the opening quote to behind the closing one; false after a fault was reported.</summary>
    public static bool TryRead(string text, ref int position, char quote, Faults faults, out string value)
    {
        value = "";
        var start = position++;
        var plain = text.AsSpan(position).IndexOfAny(quote, '\\', '\n');
        if (plain >= 0 && text[position + plain] == quote)
        {
            value = text.Substring(position, plain);
            position += plain + 1;
            return IsWellFormed(value, start, faults);
        }

        var bytes = new List<byte>();
        Span<byte> encoded = stackalloc byte[4];
        while (position < text.Length && text[position] != quote)
        {
            var c = text[position];
            if (c is '\n' or '\r')
            {
                break;
            }

            if (c == '\\')
            {
                if (!TryEscape(text, ref position, bytes, faults))
                {
                    return false;
                }

                continue;
            }

            if (Rune.DecodeFromUtf16(text.AsSpan(position), out var rune, out var consumed) != System.Buffers.OperationStatus.Done)
            {
                faults.Invalid(position, "the text has half of a surrogate pair");
                return false;
            }

            bytes.AddRange(encoded[..rune.EncodeToUtf8(encoded)]);
            position += consumed;
        }

        if (position >= text.Length || text[position] != quote)
        {
            faults.Invalid(start, $"the text that begins here has no closing {quote}");
            return false;
        }

        position++;
        var utf8 = System.Runtime.InteropServices.CollectionsMarshal.AsSpan(bytes);
        if (!Utf8.IsValid(utf8))
        {
            faults.Invalid(start, "the escapes of the text do not make valid UTF-8");
            return false;
        }

        value = Encoding.UTF8.GetString(utf8);
        return true;
    }

    private static bool IsWellFormed(string value, int start, Faults faults)
    {
        for (var i = 0; i < value.Length; i++)
        {
            if (char.IsSurrogate(value[i]))
            {
                if (i + 1 >= value.Length || !char.IsSurrogatePair(value[i], value[i + 1]))
                {
                    faults.Invalid(start + 1 + i, "the text has half of a surrogate pair");
                    return false;
                }

                i++;
            }
        }

        return true;
    }

    private static bool TryEscape(string text, ref int position, List<byte> bytes, Faults faults)
    {
        var start = position++;
        if (position >= text.Length)
        {
            faults.Invalid(start, "the text ends in the middle of an escape");
            return false;
        }

        var c = text[position++];
        switch (c)
        {
            case 'a': bytes.Add(7); return true;
            case 'b': bytes.Add(8); return true;
            case 'f': bytes.Add(12); return true;
            case 'n': bytes.Add(10); return true;
            case 'r': bytes.Add(13); return true;
            case 't': bytes.Add(9); return true;
            case 'v': bytes.Add(11); return true;
            case '\\' or '\'' or '"' or '?': bytes.Add((byte)c); return true;
            case >= '0' and <= '7':
                position--;
                return TryDigits(text, ref position, start, 3, 8, bytes, faults);
            case 'x': return TryDigits(text, ref position, start, 2, 16, bytes, faults);
            case 'u': return TryDigits(text, ref position, start, 4, 16, bytes, faults);
            case 'U': return TryDigits(text, ref position, start, 8, 16, bytes, faults);
            default:
                faults.Invalid(start, c is '%' or '_'
                    ? $"unknown escape \\{c}; a like pattern that means {c} itself is written \\\\{c}"
                    : $"unknown escape \\{c}");
                return false;
        }
    }

    private static bool TryDigits(string text, ref int position, int start, int digits, int radix, List<byte> bytes, Faults faults)
    {
        uint value = 0;
        for (var i = 0; i < digits; i++)
        {
            var digit = position < text.Length && char.IsAsciiHexDigit(text[position]) ? Convert.ToInt32(text[position].ToString(), 16) : radix;
            if (digit >= radix)
            {
                faults.Invalid(start, $"an escape needs {digits} {(radix == 8 ? "octal" : "hexadecimal")} digits here");
                return false;
            }

            value = value * (uint)radix + (uint)digit;
            position++;
        }

        if (digits <= 3)
        {
            if (value > byte.MaxValue)
            {
                faults.Invalid(start, "an octal escape goes to \\377");
                return false;
            }

            bytes.Add((byte)value);
            return true;
        }

        // Two \u escapes may name the halves of one pair.
        if (digits == 4 && char.IsHighSurrogate((char)value) && text.AsSpan(position).StartsWith("\\u") && position + 6 <= text.Length
            && ushort.TryParse(text.AsSpan(position + 2, 4), System.Globalization.NumberStyles.AllowHexSpecifier, null, out var low)
            && char.IsLowSurrogate((char)low))
        {
            value = (uint)char.ConvertToUtf32((char)value, (char)low);
            position += 6;
        }

        if (!Rune.TryCreate(value, out var rune))
        {
            faults.Invalid(start, "the escape names no Unicode character");
            return false;
        }

        Span<byte> encoded = stackalloc byte[4];
        bytes.AddRange(encoded[..rune.EncodeToUtf8(encoded)]);
        return true;
    }
}
