using System.Globalization;
using System.Numerics;
using System.Text.Json;
using Elanus.Primitives;

namespace Elanus.Expressions.Tests;

/// <summary>
/// The oracle: an expression as a tree that can write itself as text and answer for one row, slowly and by other means than the code under test (exact
/// fractions, JsonDocument, recursive pattern matching). Null is unknown.
/// </summary>
internal abstract record TestExpression
{
    public abstract string Render();

    public abstract bool? Answer(TestRows rows, int row);
}

internal sealed record Joined(bool IsAnd, TestExpression[] Parts, bool Symbols) : TestExpression
{
    public override string Render() =>
        string.Join((IsAnd, Symbols) switch { (true, true) => " && ", (true, false) => " and ", (false, true) => " || ", _ => " OR " }, Parts.Select(p => p is Joined ? $"({p.Render()})" : p.Render()));

    public override bool? Answer(TestRows rows, int row)
    {
        var answers = Parts.Select(p => p.Answer(rows, row)).ToList();
        return answers.Contains(!IsAnd) ? !IsAnd : answers.Contains(null) ? null : IsAnd;
    }
}

internal sealed record Negated(TestExpression Part, bool Symbol) : TestExpression
{
    public override string Render() => $"{(Symbol ? "!" : "not ")}({Part.Render()})";

    public override bool? Answer(TestRows rows, int row) => !Part.Answer(rows, row);
}

internal sealed record Compared(TestValue Left, string Operator, TestValue Right) : TestExpression
{
    public override string Render() => $"{Left.Render()} {Operator} {Right.Render()}";

    public override bool? Answer(TestRows rows, int row) => Compare(Left, Operator, Right, rows, row);

    public static bool? Compare(TestValue left, string @operator, TestValue right, TestRows rows, int row)
    {
        var single = left.IsSingle || right.IsSingle;
        return Compare(Rounded(left, single, rows, row), @operator, Rounded(right, single, rows, row));
    }

    public static object? Rounded(TestValue value, bool single, TestRows rows, int row)
    {
        var got = value.Get(rows, row);
        return single && value is TestConstant && got is long or double ? (double)(float)Convert.ToDouble(got, CultureInfo.InvariantCulture) : got;
    }

    public static bool? Compare(object? a, string @operator, object? b)
    {
        if (a is double.NaN || b is double.NaN)
        {
            return a is not (long or double) || b is not (long or double) ? null : @operator == "!=";
        }

        int? order = (a, b) switch
        {
            (string x, string y) => System.Text.Encoding.UTF8.GetBytes(x).AsSpan().SequenceCompareTo(System.Text.Encoding.UTF8.GetBytes(y)),
            (bool x, bool y) => x.CompareTo(y),
            (long x, long y) => x.CompareTo(y),
            (double x, double y) => x == y ? 0 : x < y ? -1 : 1,
            (object[] x, object[] y) => Same(x, y) ? 0 : 1,
            _ when Fraction(a) is { } x && Fraction(b) is { } y => x.CompareTo(y),
            _ => null,
        };
        return order is not { } o ? null : @operator switch { "==" => o == 0, "!=" => o != 0, "<" => o < 0, "<=" => o <= 0, ">" => o > 0, _ => o >= 0 };
    }

    public static bool Same(object? a, object? b) => (a, b) switch
    {
        (object[] x, object[] y) => x.Length == y.Length && x.Zip(y).All(p => Same(p.First, p.Second)),
        _ => Compare(a, "==", b) == true,
    };

    /// <summary>A number as an exact multiple of 2^-1100.</summary>
    private static BigInteger? Fraction(object? value)
    {
        switch (value)
        {
            case long integer:
                return new BigInteger(integer) << 1100;
            case double.PositiveInfinity:
                return BigInteger.One << 5000;
            case double.NegativeInfinity:
                return -BigInteger.One << 5000;
            case double number:
                var bits = BitConverter.DoubleToInt64Bits(number);
                var exponent = (int)(bits >> 52 & 0x7FF);
                var mantissa = (bits & 0xFFFFFFFFFFFFF) | (exponent == 0 ? 0 : 1L << 52);
                var scaled = new BigInteger(mantissa) << (Math.Max(exponent, 1) - 1075 + 1100);
                return bits < 0 ? -scaled : scaled;
            default:
                return null;
        }
    }
}

internal sealed record Ranged(TestConstant Low, bool LowInclusive, TestValue Middle, bool HighInclusive, TestConstant High, bool Descending) : TestExpression
{
    public override string Render() => Descending
        ? $"{High.Render()} {(HighInclusive ? ">=" : ">")} {Middle.Render()} {(LowInclusive ? ">=" : ">")} {Low.Render()}"
        : $"{Low.Render()} {(LowInclusive ? "<=" : "<")} {Middle.Render()} {(HighInclusive ? "<=" : "<")} {High.Render()}";

    public override bool? Answer(TestRows rows, int row)
    {
        var low = Compared.Compare(Middle, LowInclusive ? ">=" : ">", Low, rows, row);
        var high = Compared.Compare(Middle, HighInclusive ? "<=" : "<", High, rows, row);
        return low == false || high == false ? false : low is null || high is null ? null : true;
    }
}

internal sealed record Listed(TestValue Value, bool Negated, TestConstant[] List) : TestExpression
{
    public override string Render() => $"{Value.Render()} {(Negated ? "not in" : "in")} [{string.Join(", ", List.Select(l => l.Render()))}]";

    public override bool? Answer(TestRows rows, int row)
    {
        var value = Value.Get(rows, row);
        if (value is null || (Value is TestJson && List.Length > 0 && (value is JsonOther || !List.Any(l => Kind(l.Value) == Kind(value)))))
        {
            return null;
        }

        return List.Any(l => Compared.Same(value, Compared.Rounded(l, Value.IsSingle, rows, row))) != Negated;
    }

    private static string Kind(object? value) => value switch { long or double => "number", string => "text", bool => "bool", _ => "list" };
}

internal sealed record Liked(TestValue Value, string Pattern) : TestExpression
{
    public override string Render() => $"{Value.Render()} like {TestConstant.Quote(Pattern)}";

    public override bool? Answer(TestRows rows, int row) => Value.Get(rows, row) is string text ? Matches([.. text.EnumerateRunes()], [.. Pattern.EnumerateRunes()]) : null;

    private static bool Matches(Span<System.Text.Rune> text, Span<System.Text.Rune> pattern)
    {
        if (pattern.IsEmpty)
        {
            return text.IsEmpty;
        }

        if (pattern[0].Value == '%')
        {
            return Matches(text, pattern[1..]) || (!text.IsEmpty && Matches(text[1..], pattern));
        }

        var literal = pattern[0].Value == '\\' && pattern.Length > 1;
        var expected = literal ? pattern[1] : pattern[0];
        return !text.IsEmpty && ((!literal && expected.Value == '_') || text[0] == expected) && Matches(text[1..], pattern[(literal ? 2 : 1)..]);
    }
}

internal sealed record NullTested(TestValue Value, bool Negated) : TestExpression
{
    public override string Render() => $"{Value.Render()} {(Negated ? "is not null" : "is null")}";

    public override bool? Answer(TestRows rows, int row) => (Value is TestJson { Path.Length: > 0 } json ? !json.Exists(rows, row) : Value.Get(rows, row) is null) != Negated;
}

internal sealed record Existing(TestJson Value) : TestExpression
{
    public override string Render() => $"exists {Value.Render()}";

    public override bool? Answer(TestRows rows, int row) => Value.Exists(rows, row);
}

internal sealed record Containing(string Function, TestValue Container, TestConstant[] Elements) : TestExpression
{
    public override string Render() =>
        $"{Function}({Container.Render()}, {(Function.Contains("_a", StringComparison.OrdinalIgnoreCase) && Function.Split('_').Length == 3 ? $"[{string.Join(",", Elements.Select(e => e.Render()))}]" : Elements[0].Render())})";

    public override bool? Answer(TestRows rows, int row)
    {
        if (Container.Get(rows, row) is not object?[] array)
        {
            return null;
        }

        bool Has(TestConstant element) => array.Any(e => Compared.Same(e, Compared.Rounded(element, Container.IsSingle, rows, row)));
        return Function.EndsWith("all", StringComparison.OrdinalIgnoreCase) ? Elements.All(Has)
            : Function.EndsWith("any", StringComparison.OrdinalIgnoreCase) ? Elements.Any(Has)
            : Has(Elements[0]);
    }
}

/// <summary>A JSON value that no condition speaks of: an object.</summary>
internal sealed record JsonOther;
