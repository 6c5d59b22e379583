using System.Globalization;

namespace Elanus.Expressions;

/// <summary>Numbers: decimal, octal (leading 0), hexadecimal and binary integers; decimal and hexadecimal floating ones.</summary>
internal static class NumberLiteral
{
    private const int ExponentMax = 100_000;

    /// <summary>Reads one number without a sign; false after a fault was reported. The bits are the magnitude, or those of a double.</summary>
    public static bool TryRead(string text, ref int position, Faults faults, out TokenKind kind, out ulong bits)
    {
        var start = position;
        if (text[position] == '0' && position + 1 < text.Length && text[position + 1] is 'x' or 'X')
        {
            return TryHexadecimal(text, ref position, faults, out kind, out bits);
        }

        if (text[position] == '0' && position + 1 < text.Length && text[position + 1] is 'b' or 'B')
        {
            position += 2;
            return TryInteger(text, ref position, start, 2, faults, out kind, out bits);
        }

        var end = position;
        SkipDigits(text, ref end);
        var floating = false;
        if (end < text.Length && text[end] == '.')
        {
            floating = true;
            end++;
            SkipDigits(text, ref end);
        }

        if (end < text.Length && text[end] is 'e' or 'E')
        {
            var exponent = end + 1;
            if (exponent < text.Length && text[exponent] is '+' or '-')
            {
                exponent++;
            }

            if (exponent < text.Length && char.IsAsciiDigit(text[exponent]))
            {
                floating = true;
                end = exponent;
                SkipDigits(text, ref end);
            }
        }

        if (!floating)
        {
            var octal = text[start] == '0' && end - start > 1;
            return TryInteger(text, ref position, start, octal ? 8u : 10u, faults, out kind, out bits);
        }

        position = end;
        kind = TokenKind.Floating;
        bits = 0;
        if (!double.TryParse(text.AsSpan(start, end - start), NumberStyles.AllowDecimalPoint | NumberStyles.AllowExponent, CultureInfo.InvariantCulture, out var value)
            || !double.IsFinite(value))
        {
            faults.Invalid(start, "the number is beyond the range of a double");
            return false;
        }

        bits = BitConverter.DoubleToUInt64Bits(value);
        return true;
    }

    private static bool TryInteger(string text, ref int position, int start, uint radix, Faults faults, out TokenKind kind, out ulong bits)
    {
        kind = TokenKind.Integer;
        bits = 0;
        var first = position;
        while (position < text.Length && char.IsAsciiHexDigit(text[position]))
        {
            var digit = Digit(text[position]);
            if (digit >= radix)
            {
                break;
            }

            if (bits > (ulong.MaxValue - digit) / radix)
            {
                faults.Invalid(start, "the integer is beyond 64 bits");
                return false;
            }

            bits = bits * radix + digit;
            position++;
        }

        if (position == first)
        {
            faults.Invalid(start, "the number has no digits");
            return false;
        }

        return true;
    }

    private static bool TryHexadecimal(string text, ref int position, Faults faults, out TokenKind kind, out ulong bits)
    {
        var start = position;
        var end = position + 2;
        double value = 0;
        var digits = 0;
        var scale = 0;
        var point = false;
        for (; end < text.Length; end++)
        {
            if (text[end] == '.' && !point)
            {
                point = true;
            }
            else if (char.IsAsciiHexDigit(text[end]))
            {
                value = value * 16 + Digit(text[end]);
                digits++;
                scale -= point ? 4 : 0;
            }
            else
            {
                break;
            }
        }

        if (!point && !(end < text.Length && text[end] is 'p' or 'P'))
        {
            position += 2;
            return TryInteger(text, ref position, start, 16, faults, out kind, out bits);
        }

        kind = TokenKind.Floating;
        bits = 0;
        position = end;
        var exponent = 0;
        var negative = false;
        var exponentDigits = 0;
        if (position < text.Length && text[position] is 'p' or 'P')
        {
            position++;
            if (position < text.Length && text[position] is '+' or '-')
            {
                negative = text[position++] == '-';
            }

            for (; position < text.Length && char.IsAsciiDigit(text[position]); position++, exponentDigits++)
            {
                exponent = Math.Min(exponent * 10 + (text[position] - '0'), ExponentMax);
            }
        }

        value = Math.ScaleB(value, scale + (negative ? -exponent : exponent));
        if (digits == 0 || exponentDigits == 0 || !double.IsFinite(value))
        {
            faults.Invalid(start, "a hexadecimal floating number needs digits and an exponent such as p0, within the range of a double");
            return false;
        }

        bits = BitConverter.DoubleToUInt64Bits(value);
        return true;
    }

    private static uint Digit(char c) => c <= '9' ? (uint)(c - '0') : (uint)((c | 0x20) - 'a' + 10);

    private static void SkipDigits(string text, ref int position)
    {
        while (position < text.Length && char.IsAsciiDigit(text[position]))
        {
            position++;
        }
    }
}
