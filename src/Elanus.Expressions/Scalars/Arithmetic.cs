using Elanus.Primitives;

namespace Elanus.Expressions;

internal enum ArithmeticOperator
{
    Add,
    Subtract,
    Multiply,
    Divide,
    Modulo,
    Power,
}

/// <summary>
/// One operation on numbers. Integers stay integers (division truncates towards zero, a power is always a double); a row has no result,
/// which makes comparisons of it unknown, where integers overflow, where an integer is divided by zero, or where an operand has no value.
/// </summary>
internal static class Arithmetic
{
    public static bool TryIntegers(ArithmeticOperator @operator, long left, long right, out long result)
    {
        result = 0;
        switch (@operator)
        {
            case ArithmeticOperator.Add:
                result = unchecked(left + right);
                return ((left ^ result) & (right ^ result)) >= 0;
            case ArithmeticOperator.Subtract:
                result = unchecked(left - right);
                return ((left ^ right) & (left ^ result)) >= 0;
            case ArithmeticOperator.Multiply:
                var high = Math.BigMul(left, right, out result);
                return high == result >> 63;
            case ArithmeticOperator.Divide when right != 0 && (right != -1 || left != long.MinValue):
                result = left / right;
                return true;
            case ArithmeticOperator.Modulo when right != 0:
                result = right == -1 ? 0 : left % right;
                return true;
            default:
                return false;
        }
    }

    public static double Doubles(ArithmeticOperator @operator, double left, double right) => @operator switch
    {
        ArithmeticOperator.Add => left + right,
        ArithmeticOperator.Subtract => left - right,
        ArithmeticOperator.Multiply => left * right,
        ArithmeticOperator.Divide => left / right,
        ArithmeticOperator.Modulo => left % right,
        _ => Math.Pow(left, right),
    };

    /// <summary>Folds two constants; false where they have no result.</summary>
    public static bool TryFold(ArithmeticOperator @operator, in Literal left, in Literal right, out Literal result)
    {
        if (left.Kind == LiteralKind.Integer && right.Kind == LiteralKind.Integer && @operator != ArithmeticOperator.Power)
        {
            var done = TryIntegers(@operator, left.Integer, right.Integer, out var integer);
            result = Literal.Of(integer);
            return done;
        }

        var number = Doubles(@operator, left.Floating, right.Floating);
        result = Literal.Of(number);
        return double.IsFinite(number);
    }
}

/// <summary>Arithmetic over two nodes.</summary>
internal sealed class ArithmeticNode : NumericNode
{
    private readonly ArithmeticOperator @operator;
    private readonly NumericNode left;
    private readonly NumericNode right;

    public ArithmeticNode(ArithmeticOperator @operator, NumericNode left, NumericNode right)
    {
        this.@operator = @operator;
        Type = Join(left.Type, right.Type, left is NumericConstant, right is NumericConstant);
        if (@operator == ArithmeticOperator.Power && Type is NumberType.Integer or NumberType.Mixed)
        {
            Type = NumberType.Double;
        }

        this.left = Type == NumberType.Single ? InSinglePrecision(left) : left;
        this.right = Type == NumberType.Single ? InSinglePrecision(right) : right;
    }

    public override NumberType Type { get; }

    public override int Cost => left.Cost + right.Cost;

    /// <summary>A constant beside a Float field is rounded to its precision, so that <c>f * 2 == 0.2</c> means what it says.</summary>
    public static NumericNode InSinglePrecision(NumericNode node) =>
        node is NumericConstant constant ? new NumericConstant(Literal.Of((double)(float)constant.Value.Floating)) : node;

    public override void Evaluate(in RowSlice rows, ReadOnlySpan<ulong> wanted, Numbers into)
    {
        left.Evaluate(rows, wanted, into);
        using var scratch = new NumberScratch(rows);
        var other = scratch.Numbers;
        right.Evaluate(rows, wanted, other);
        for (var word = 0; word < rows.Words; word++)
        {
            into.Known[word] &= other.Known[word];
        }

        if (Type == NumberType.Integer)
        {
            Integers(into, other);
        }
        else if (Type == NumberType.Mixed)
        {
            Mixed(into, other);
        }
        else
        {
            into.Widen(left.Type);
            other.Widen(right.Type);
            Doubles(into.Doubles, other.Doubles);
        }
    }

    public override void AddFields(ISet<FieldId> fields)
    {
        left.AddFields(fields);
        right.AddFields(fields);
    }

    private static NumberType Join(NumberType left, NumberType right, bool leftIsConstant, bool rightIsConstant)
    {
        if ((left == NumberType.Single && (right == NumberType.Single || rightIsConstant)) || (right == NumberType.Single && leftIsConstant))
        {
            return NumberType.Single;
        }

        if (left is NumberType.Single or NumberType.Double || right is NumberType.Single or NumberType.Double)
        {
            return NumberType.Double;
        }

        return left == NumberType.Mixed || right == NumberType.Mixed ? NumberType.Mixed : NumberType.Integer;
    }

    private void Integers(Numbers into, Numbers other)
    {
        for (var row = 0; row < into.Lanes.Length; row++)
        {
            if (!Arithmetic.TryIntegers(@operator, into.Lanes[row], other.Lanes[row], out into.Lanes[row]))
            {
                into.Known[row >> 6] &= ~(1UL << row);
            }
        }
    }

    private void Doubles(Span<double> into, ReadOnlySpan<double> other)
    {
        for (var row = 0; row < into.Length; row++)
        {
            var result = Arithmetic.Doubles(@operator, into[row], other[row]);
            into[row] = Type == NumberType.Single ? (float)result : result;
        }
    }

    private void Mixed(Numbers into, Numbers other)
    {
        var doubles = into.Doubles;
        for (var row = 0; row < into.Lanes.Length; row++)
        {
            if (!into.IsKnown(row))
            {
                continue;
            }

            var leftIsInteger = left.Type == NumberType.Integer || into.IsInteger(row);
            var rightIsInteger = right.Type == NumberType.Integer || other.IsInteger(row);
            var bit = 1UL << row;
            if (leftIsInteger && rightIsInteger)
            {
                into.Integers[row >> 6] |= bit;
                if (!Arithmetic.TryIntegers(@operator, into.Lanes[row], other.Lanes[row], out into.Lanes[row]))
                {
                    into.Known[row >> 6] &= ~bit;
                }
            }
            else
            {
                var a = leftIsInteger ? into.Lanes[row] : doubles[row];
                var b = rightIsInteger ? other.Lanes[row] : other.Doubles[row];
                doubles[row] = Arithmetic.Doubles(@operator, a, b);
                into.Integers[row >> 6] &= ~bit;
            }
        }
    }
}
