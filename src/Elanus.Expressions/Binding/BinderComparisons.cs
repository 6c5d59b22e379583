using System.Numerics;
using Elanus.Primitives;

namespace Elanus.Expressions;

/// <summary>Comparisons, ranges and patterns.</summary>
internal sealed partial class Binder
{
    private Operand? Compare(int position, CompareOperator @operator, Operand left, Operand right)
    {
        switch (left, right)
        {
            case (ConstantOperand a, ConstantOperand b):
                return CompareConstants(position, @operator, a, b);
            case (ConstantOperand a, _):
                return CompareWith(position, @operator.Exchanged(), right, a);
            case (_, ConstantOperand b):
                return CompareWith(position, @operator, left, b);
            case (FieldOperand a, FieldOperand b):
                return CompareFields(position, @operator, a, b);
            default:
                return Number(left) is { } leftNumber && Number(right) is { } rightNumber
                    ? Condition(position, new NumericCompare(leftNumber, @operator, rightNumber))
                    : NotComparable(position, left, right);
        }
    }

    private ConditionOperand? NotComparable(int position, Operand left, Operand right) =>
        Wrong(position, $"comparisons between {Described(left)} and {Described(right)} are not supported");

    private static ConditionOperand Condition(int position, Predicate predicate) => new(position, predicate);

    private Operand? CompareConstants(int position, CompareOperator @operator, ConstantOperand left, ConstantOperand right)
    {
        bool? holds = (left.Value.Kind, right.Value.Kind) switch
        {
            (LiteralKind.Text, LiteralKind.Text) => @operator.Holds(
                System.Text.Encoding.UTF8.GetBytes(left.Value.Text).AsSpan().SequenceCompareTo(System.Text.Encoding.UTF8.GetBytes(right.Value.Text))),
            (LiteralKind.Bool, LiteralKind.Bool) => @operator.Holds(left.Value.Bool.CompareTo(right.Value.Bool)),
            _ when left.Value.IsNumber && right.Value.IsNumber => NumberOrder.Holds(@operator, left.Value, right.Value),
            _ => null,
        };
        return holds is { } value ? new ConstantOperand(left.Position, Literal.Of(value)) : NotComparable(position, left, right);
    }

    /// <summary>Anything but a constant against a constant.</summary>
    private ConditionOperand? CompareWith(int position, CompareOperator @operator, Operand operand, ConstantOperand constant)
    {
        var value = constant.Value;
        if (operand is NumberOperand number && value.IsNumber)
        {
            return Condition(position, new NumericCompare(number.Node, @operator, new NumericConstant(value)));
        }

        if (operand is not FieldOperand field)
        {
            return NotComparable(position, operand, constant);
        }

        Predicate? predicate = null;
        if (field.Field.Type == DataType.Json)
        {
            return CompareJson(position, @operator, field, constant);
        }

        if (field.IsWholeArray)
        {
            return CompareArray(position, @operator, field, constant);
        }

        if (field.ValueType.IsNumeric() && value.IsNumber)
        {
            predicate = field.IsElement
                ? new NumericCompare(Number(field)!, @operator, new NumericConstant(value))
                : CompareColumn(field.Field, @operator, value);
        }
        else if (field.ValueType.IsText() && value.Kind == LiteralKind.Text)
        {
            predicate = TextPredicate(field, new TextCompare(@operator, value.Text));
        }
        else if (field.ValueType == DataType.Bool && value.Kind == LiteralKind.Bool)
        {
            predicate = CompareBool(field, @operator, value.Bool);
        }

        return predicate is null ? NotComparable(position, operand, constant) : Condition(position, predicate);
    }

    private static Predicate CompareColumn(FieldSchema field, CompareOperator @operator, in Literal value) => field.Type switch
    {
        DataType.Int8 => CompareIntegers<sbyte>(field, @operator, value),
        DataType.Int16 => CompareIntegers<short>(field, @operator, value),
        DataType.Int32 => CompareIntegers<int>(field, @operator, value),
        DataType.Int64 => CompareIntegers<long>(field, @operator, value),
        DataType.Float => new ColumnCompare<float>(field.Id, @operator, (float)value.Floating),
        _ when value.Kind == LiteralKind.Integer && NumberOrder.Compare(value.Integer, value.Floating) != 0 =>
            new NumericCompare(new NumericColumn(field), @operator, new NumericConstant(value)),
        _ => new ColumnCompare<double>(field.Id, @operator, value.Floating),
    };

    /// <summary>An integer column against any number: the number is brought to an integer of the column's type with the same outcome.</summary>
    private static Predicate CompareIntegers<T>(FieldSchema field, CompareOperator @operator, in Literal value)
        where T : unmanaged, IBinaryInteger<T>, IMinMaxValue<T>
    {
        var integer = value.Integer;
        if (value.Kind == LiteralKind.Floating && !NumberOrder.TryInteger(value.Floating, out integer))
        {
            if (@operator.IsEquality() || Math.Abs(value.Floating) >= long.MaxValue)
            {
                return KnownPredicate.Of(field, @operator.Holds(value.Floating > 0 ? -1 : 1));
            }

            (@operator, integer) = @operator is CompareOperator.Less or CompareOperator.LessOrEqual
                ? (CompareOperator.LessOrEqual, (long)Math.Floor(value.Floating))
                : (CompareOperator.GreaterOrEqual, (long)Math.Ceiling(value.Floating));
        }

        if (integer > long.CreateChecked(T.MaxValue) || integer < long.CreateChecked(T.MinValue))
        {
            return KnownPredicate.Of(field, @operator.Holds(integer > 0 ? -1 : 1));
        }

        return new ColumnCompare<T>(field.Id, @operator, T.CreateChecked(integer));
    }

    private static Predicate CompareBool(FieldOperand field, CompareOperator @operator, bool value)
    {
        var whenFalse = @operator.Holds(false.CompareTo(value));
        var whenTrue = @operator.Holds(true.CompareTo(value));
        if (field.IsElement)
        {
            return new ArrayElementBool(field.Field, field.Path[0].Index, whenFalse, whenTrue);
        }

        return whenFalse == whenTrue ? KnownPredicate.Of(field.Field, whenTrue) : new BoolColumn(field.Field.Id, whenTrue);
    }

    private static Predicate TextPredicate(FieldOperand field, TextTest test) => field switch
    {
        { Field.Type: DataType.Json } => new JsonPredicate(field.Field.Id, new JsonPath(field.Path), new JsonTextTest(test)),
        { IsElement: true } => new ArrayElementText(field.Field, field.Path[0].Index, test),
        _ => new TextColumn(field.Field.Id, test),
    };

    private ConditionOperand? CompareFields(int position, CompareOperator @operator, FieldOperand left, FieldOperand right)
    {
        if (left.Field.Type == DataType.Json || right.Field.Type == DataType.Json)
        {
            return Wrong(position, $"two column comparison with JSON type is not supported, between {left.Name} and {right.Name}");
        }

        if (left.IsWholeArray || right.IsWholeArray)
        {
            return NotComparable(position, left, right);
        }

        var (a, b) = (left.Field, right.Field);
        var columns = !left.IsElement && !right.IsElement;
        if (left.ValueType.IsNumeric() && right.ValueType.IsNumeric())
        {
            return Condition(position, (columns && a.Type == b.Type ? a.Type : DataType.None) switch
            {
                DataType.Int8 => new ColumnPairCompare<sbyte>(a.Id, @operator, b.Id),
                DataType.Int16 => new ColumnPairCompare<short>(a.Id, @operator, b.Id),
                DataType.Int32 => new ColumnPairCompare<int>(a.Id, @operator, b.Id),
                DataType.Int64 => new ColumnPairCompare<long>(a.Id, @operator, b.Id),
                DataType.Float => new ColumnPairCompare<float>(a.Id, @operator, b.Id),
                DataType.Double => new ColumnPairCompare<double>(a.Id, @operator, b.Id),
                _ => new NumericCompare(Number(left)!, @operator, Number(right)!),
            });
        }

        if (columns && a.Type.IsText() && b.Type.IsText())
        {
            return Condition(position, new TextPairCompare(a.Id, @operator, b.Id));
        }

        return columns && a.Type == DataType.Bool && b.Type == DataType.Bool
            ? Condition(position, new ColumnPairCompare<byte>(a.Id, @operator, b.Id))
            : NotComparable(position, left, right);
    }

    private ConditionOperand? Range(RangeSyntax node)
    {
        if (Operand(node.First) is not { } first || Operand(node.Second) is not { } second || Field(node.Field) is not { } field)
        {
            return null;
        }

        if (first is not ConstantOperand firstBound || second is not ConstantOperand secondBound)
        {
            return Wrong((first is ConstantOperand ? second : first).Position, $"a bound of a range of {field.Name} must be a constant");
        }

        if (field.ValueType == DataType.Bool || field.IsWholeArray)
        {
            return Wrong(field.Position, $"invalid range operations on {Described(field)}");
        }

        // The first bound is exchanged to the right of the field: low < field becomes field > low.
        var firstOperator = CompareOperators.From(node.FirstOperator).Exchanged();
        var secondOperator = CompareOperators.From(node.SecondOperator);
        if (CompareWith(node.Field.Position, firstOperator, field, firstBound) is not { } a || CompareWith(node.Field.Position, secondOperator, field, secondBound) is not { } b)
        {
            return null;
        }

        var ascending = node.FirstOperator is TokenKind.Less or TokenKind.LessOrEqual;
        var (low, high) = ascending ? (firstBound, secondBound) : (secondBound, firstBound);
        var inclusive = node.FirstOperator is TokenKind.LessOrEqual or TokenKind.GreaterOrEqual && node.SecondOperator is TokenKind.LessOrEqual or TokenKind.GreaterOrEqual;
        var order = inclusive ? CompareOperator.LessOrEqual : CompareOperator.Less;
        if (CompareConstants(node.Position, order, low, high) is not ConstantOperand ordered)
        {
            return null;
        }

        return ordered.Value.Bool
            ? Condition(node.Position, ChainPredicate.Of(isAnd: true, [a.Predicate, b.Predicate]))
            : Wrong(node.Position, $"invalid range: lowerbound is greater than upperbound, for field {field.Name}");
    }

    private ConditionOperand? Like(BinarySyntax node, Operand left, Operand right)
    {
        if (left is not FieldOperand field || field.IsWholeArray || !(field.ValueType.IsText() || field.ValueType == DataType.Json))
        {
            return Wrong(left.Position, $"like operation on non-string or no-json field is unsupported, on {Described(left)}");
        }

        return right is ConstantOperand { Value: { Kind: LiteralKind.Text } pattern }
            ? Condition(node.Position, TextPredicate(field, new TextLike(new LikePattern(pattern.Text))))
            : Wrong(right.Position, $"the pattern of like on {field.Name} must be a constant text, not {Described(right)}");
    }
}
