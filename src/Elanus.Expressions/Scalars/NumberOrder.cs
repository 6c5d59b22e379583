namespace Elanus.Expressions;

/// <summary>The exact order of 64-bit integers and doubles, without rounding one to the other.</summary>
internal static class NumberOrder
{
    private const double TwoTo63 = 9223372036854775808.0;

    /// <summary>Order of an integer and a double that is a number.</summary>
    public static int Compare(long left, double right)
    {
        if (right >= TwoTo63)
        {
            return -1;
        }

        if (right < -TwoTo63)
        {
            return 1;
        }

        var floor = Math.Floor(right);
        var order = left.CompareTo((long)floor);
        return order != 0 ? order : right > floor ? -1 : 0;
    }

    public static bool Holds(CompareOperator @operator, long left, double right) =>
        double.IsNaN(right) ? @operator == CompareOperator.NotEqual : @operator.Holds(Compare(left, right));

    public static bool Holds(CompareOperator @operator, double left, double right) => @operator switch
    {
        CompareOperator.Equal => left == right,
        CompareOperator.NotEqual => left != right,
        CompareOperator.Less => left < right,
        CompareOperator.LessOrEqual => left <= right,
        CompareOperator.Greater => left > right,
        _ => left >= right,
    };

    /// <summary>Whether a comparison of two literals that are numbers holds.</summary>
    public static bool Holds(CompareOperator @operator, in Literal left, in Literal right) => (left.Kind, right.Kind) switch
    {
        (LiteralKind.Integer, LiteralKind.Integer) => @operator.Holds(left.Integer.CompareTo(right.Integer)),
        (LiteralKind.Integer, _) => Holds(@operator, left.Integer, right.Floating),
        (_, LiteralKind.Integer) => Holds(@operator.Exchanged(), right.Integer, left.Floating),
        _ => Holds(@operator, left.Floating, right.Floating),
    };

    /// <summary>The integer that equals a double, where there is one.</summary>
    public static bool TryInteger(double value, out long integer)
    {
        var fits = value >= -TwoTo63 && value < TwoTo63 && Math.Floor(value) == value;
        integer = fits ? (long)value : 0;
        return fits;
    }
}
