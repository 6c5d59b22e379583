using System.Collections.Immutable;
using System.Numerics;
using Elanus.Primitives;

namespace Elanus.Expressions;

/// <summary>Membership in lists, and comparisons of whole lists.</summary>
internal sealed partial class Binder
{
    private ConditionOperand? In(InSyntax node)
    {
        if (Operand(node.Operand) is not { } operand || Operand(node.List) is not { } right)
        {
            return null;
        }

        if (right is not ConstantOperand { Value: { Kind: LiteralKind.List } list })
        {
            return Wrong(right.Position, $"the right-hand side of 'in' must be a list, but got: {Described(right)}");
        }

        if (operand is ConstantOperand or ConditionOperand or SampleOperand || operand is FieldOperand { IsWholeArray: true })
        {
            return Wrong(operand.Position, $"'in' can only be used on a single field or a number, but got: {Described(operand)}");
        }

        var predicate = Contained(operand, list.Elements, right.Position);
        return predicate is null ? null : Condition(node.Position, node.Negated ? predicate.Negated() : predicate);
    }

    private Predicate? Contained(Operand operand, ImmutableArray<Literal> list, int position)
    {
        if (operand is FieldOperand { Field.Type: DataType.Json } json)
        {
            return new JsonPredicate(json.Field.Id, new JsonPath(json.Path), new JsonInTest(new ElementIndex(list)));
        }

        var field = operand as FieldOperand;
        var type = field?.ValueType ?? DataType.Double;
        var isNumber = type.IsNumeric();
        foreach (var element in list.AsSpan())
        {
            var fits = isNumber ? element.IsNumber : type == DataType.Bool ? element.Kind == LiteralKind.Bool : element.Kind == LiteralKind.Text;
            if (!fits)
            {
                Fault(position, $"value {element} in list cannot be casted to {operand.TypeName}, the type of {Described(operand)}");
                return null;
            }
        }

        if (type == DataType.Bool)
        {
            return ContainedBool(field!, list);
        }

        if (!isNumber)
        {
            return TextPredicate(field!, new TextIn(new TextSet(list.Select(e => e.Text))));
        }

        if (list.IsEmpty && field is { IsElement: false })
        {
            return KnownPredicate.Of(field.Field, false);
        }

        var number = Number(operand)!;
        var set = new NumberSet(list, number.Type == NumberType.Single);
        return number is NumericColumn column
            ? column.Field.Type switch
            {
                DataType.Int8 => ColumnIn<sbyte>(column.Field, set),
                DataType.Int16 => ColumnIn<short>(column.Field, set),
                DataType.Int32 => ColumnIn<int>(column.Field, set),
                DataType.Int64 => ColumnIn<long>(column.Field, set),
                _ => new NumericIn(number, set),
            }
            : new NumericIn(number, set);
    }

    private static Predicate ColumnIn<T>(FieldSchema field, NumberSet set)
        where T : unmanaged, IBinaryInteger<T>, IMinMaxValue<T>
    {
        var (low, high) = (long.CreateChecked(T.MinValue), long.CreateChecked(T.MaxValue));
        var possible = set.Integers.Values.Where(v => v >= low && v <= high).ToList();
        return possible.Count == 0 ? KnownPredicate.Of(field, false) : new ColumnIn<T>(field.Id, new IntegerSet(possible));
    }

    private static Predicate ContainedBool(FieldOperand field, ImmutableArray<Literal> list)
    {
        var whenFalse = list.Any(e => !e.Bool);
        var whenTrue = list.Any(e => e.Bool);
        if (field.IsElement)
        {
            return new ArrayElementBool(field.Field, field.Path[0].Index, whenFalse, whenTrue);
        }

        return whenFalse == whenTrue ? KnownPredicate.Of(field.Field, whenTrue) : new BoolColumn(field.Field.Id, whenTrue);
    }

    private ConditionOperand? CompareJson(int position, CompareOperator @operator, FieldOperand field, ConstantOperand constant)
    {
        var value = constant.Value;
        JsonTest? test = value.Kind switch
        {
            LiteralKind.Integer or LiteralKind.Floating => new JsonNumberTest(@operator, value),
            LiteralKind.Text => new JsonTextTest(new TextCompare(@operator, value.Text)),
            LiteralKind.Bool => new JsonBoolTest(@operator.Holds(false.CompareTo(value.Bool)), @operator.Holds(true.CompareTo(value.Bool))),
            _ when @operator.IsEquality() => new JsonListTest(@operator == CompareOperator.Equal, value.Elements),
            _ => null,
        };
        return test is null
            ? Wrong(position, $"a list can only be compared with == and !=, in a comparison of {Described(field)}")
            : Condition(position, new JsonPredicate(field.Field.Id, new JsonPath(field.Path), test));
    }

    private ConditionOperand? CompareArray(int position, CompareOperator @operator, FieldOperand field, ConstantOperand constant)
    {
        if (constant.Value.Kind != LiteralKind.List || !@operator.IsEquality())
        {
            return Wrong(position, $"{Described(field)} can only be compared with a list, by == and !=, not with {Described(constant)}; an element is {field.Name}[0]");
        }

        foreach (var element in constant.Value.Elements.AsSpan())
        {
            if (!IsElementOf(field.Field, element))
            {
                return Wrong(constant.Position, $"comparisons between {Described(field)} and a list that has {element} are not supported");
            }
        }

        return Condition(position, new ArrayCompare(field.Field, @operator == CompareOperator.Equal, constant.Value.Elements));
    }

    private static bool IsElementOf(FieldSchema array, in Literal value) => array.ElementType switch
    {
        DataType.Bool => value.Kind == LiteralKind.Bool,
        var type when type.IsNumeric() => value.IsNumber,
        var type when type.IsText() => value.Kind == LiteralKind.Text,
        _ => false,
    };
}
