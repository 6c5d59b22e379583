namespace Elanus.Expressions;

/// <summary>An immutable set of numbers; an integer and a double that are equal are one element.</summary>
internal sealed class NumberSet
{
    private readonly IntegerSet integers;
    private readonly IntegerSet fractions;

    /// <param name="numbers">Numbers, none of them NaN.</param>
    /// <param name="singlePrecision">Rounds each to single precision first.</param>
    public NumberSet(IEnumerable<Literal> numbers, bool singlePrecision = false)
    {
        var whole = new List<long>();
        var rest = new List<long>();
        foreach (var number in numbers)
        {
            if (number.Kind == LiteralKind.Integer && !singlePrecision)
            {
                whole.Add(number.Integer);
                continue;
            }

            var value = singlePrecision ? (float)number.Floating : number.Floating;
            if (NumberOrder.TryInteger(value, out var integer))
            {
                whole.Add(integer);
            }
            else
            {
                rest.Add(BitConverter.DoubleToInt64Bits(value));
            }
        }

        integers = new IntegerSet(whole);
        fractions = new IntegerSet(rest);
    }

    public int Count => integers.Count + fractions.Count;

    /// <summary>The elements that are integers.</summary>
    public IntegerSet Integers => integers;

    public bool Contains(long value) => integers.Contains(value);

    public bool Contains(double value) =>
        NumberOrder.TryInteger(value, out var integer) ? integers.Contains(integer) : fractions.Contains(BitConverter.DoubleToInt64Bits(value));

    /// <summary>The place of an element among all, from 0; -1 where it is none.</summary>
    public int Find(long value) => integers.Contains(value) ? integers.Values.AsSpan().BinarySearch(value) : -1;

    /// <summary>The place of an element among all, from 0; -1 where it is none.</summary>
    public int Find(double value)
    {
        if (NumberOrder.TryInteger(value, out var integer))
        {
            return Find(integer);
        }

        var bits = BitConverter.DoubleToInt64Bits(value);
        return fractions.Contains(bits) ? integers.Count + fractions.Values.AsSpan().BinarySearch(bits) : -1;
    }
}
