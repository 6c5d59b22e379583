using System.Collections.Immutable;
using Elanus.Primitives;

namespace Elanus.Expressions;

/// <summary>Functions, exists, and tests for null.</summary>
internal sealed partial class Binder
{
    private const string SampleName = "random_sample";

    /// <summary>How far a sample's share must be from 0 and from 1.</summary>
    private const double ShareMargin = 1e-10;

    private Operand? Call(CallSyntax node) => node.Name switch
    {
        SampleName => Sample(node),
        "json_contains" or "array_contains" => Contains(node, ContainsKind.One),
        "json_contains_any" or "array_contains_any" => Contains(node, ContainsKind.Any),
        "json_contains_all" or "array_contains_all" => Contains(node, ContainsKind.All),
        "array_length" => Length(node),
        "empty" => Empty(node),
        "starts_with" => StartsWith(node),
        _ => Fault(node.Position, $"function {node.Name} is not known"),
    };

    private enum ContainsKind
    {
        One,
        Any,
        All,
    }

    private SampleOperand? Sample(CallSyntax node)
    {
        if (Arguments(node, 1) is not [var argument])
        {
            return null;
        }

        if (argument is not ConstantOperand { Value: { Kind: LiteralKind.Floating, Floating: var share } } || !(share > ShareMargin && share < 1 - ShareMargin))
        {
            Fault(argument.Position, $"the sample factor should be between 0 and 1 and not too close to 0 or 1(the difference should be larger than 1e-10), but got {Described(argument)}");
            return null;
        }

        return new SampleOperand(node.Position, share);
    }

    /// <summary>The bound arguments; empty after a fault, of their number too.</summary>
    private List<Operand> Arguments(CallSyntax node, int count)
    {
        var arguments = new List<Operand>(count);
        if (node.Arguments.Length != count)
        {
            Fault(node.Position, $"{node.Name} takes {count} argument{(count == 1 ? "" : "s")}, but got {node.Arguments.Length}");
            return arguments;
        }

        foreach (var argument in node.Arguments)
        {
            if (Operand(argument) is not { } operand)
            {
                return [];
            }

            arguments.Add(operand);
        }

        return arguments;
    }

    private ConditionOperand? Contains(CallSyntax node, ContainsKind kind)
    {
        if (Arguments(node, 2) is not [var container, var argument])
        {
            return null;
        }

        if (container is not FieldOperand field || !(field.Field.Type == DataType.Json || field.IsWholeArray))
        {
            return Wrong(container.Position, $"contains operation are only supported on json or array fields now, got: {Described(container)}");
        }

        if (argument is not ConstantOperand { Value: var value })
        {
            return Wrong(argument.Position, $"contains operation are only supported explicitly specified element, got: {Described(argument)}");
        }

        if (kind != ContainsKind.One && value.Kind != LiteralKind.List)
        {
            return Wrong(argument.Position, $"{node.Name} operation element must be an array, but got: {Described(argument)}");
        }

        var elements = kind == ContainsKind.One ? [value] : value.Elements;
        var all = kind == ContainsKind.All;
        if (field.Field.Type == DataType.Json)
        {
            return Condition(node.Position, new JsonPredicate(field.Field.Id, new JsonPath(field.Path), new JsonContainsTest(new ElementIndex(elements), all)));
        }

        foreach (var element in elements.AsSpan())
        {
            if (!IsElementOf(field.Field, element))
            {
                return Wrong(argument.Position, $"{node.Name} operation can't compare between array element type: {TypeNames.Of(field.Field.ElementType)} of field {field.Name} and {element}");
            }
        }

        return Condition(node.Position, new ArrayContains(field.Field, new ElementIndex(elements, field.Field.ElementType == DataType.Float), all));
    }

    private Operand? Length(CallSyntax node)
    {
        if (Arguments(node, 1) is not [var argument])
        {
            return null;
        }

        return argument switch
        {
            FieldOperand { Field.Type: DataType.Json } json => new NumberOperand(node.Position, new JsonLength(json.Field.Id, new JsonPath(json.Path))),
            FieldOperand { IsWholeArray: true } array => new NumberOperand(node.Position, new ArrayLength(array.Field)),
            _ => Fault(argument.Position, $"array_length operation are only supported on json or array fields now, got: {Described(argument)}"),
        };
    }

    private ConditionOperand? Empty(CallSyntax node) =>
        Arguments(node, 1) is [var argument]
            ? argument is FieldOperand { IsWholeArray: false } field && field.ValueType.IsText()
                ? Condition(node.Position, TextPredicate(field, new TextCompare(CompareOperator.Equal, "")))
                : Wrong(argument.Position, $"empty takes a VarChar field, but got: {Described(argument)}")
            : null;

    private ConditionOperand? StartsWith(CallSyntax node)
    {
        if (Arguments(node, 2) is not [var argument, var start])
        {
            return null;
        }

        if (argument is not FieldOperand { IsWholeArray: false } field || !field.ValueType.IsText())
        {
            return Wrong(argument.Position, $"starts_with takes a VarChar field first, but got: {Described(argument)}");
        }

        return start is ConstantOperand { Value: { Kind: LiteralKind.Text } text }
            ? Condition(node.Position, TextPredicate(field, new TextPrefix(text.Text)))
            : Wrong(start.Position, $"starts_with takes a constant text second, but got: {Described(start)}");
    }

    private ConditionOperand? Exists(PrefixSyntax node)
    {
        var operand = Operand(node.Operand);
        if (operand is null)
        {
            return null;
        }

        return operand is FieldOperand { Field.Type: DataType.Json } json && !json.Path.IsEmpty
            ? Condition(node.Position, JsonExistence(json))
            : Wrong(operand.Position, $"exists operations are only supportted on json key, got: {Described(operand)}");
    }

    private static JsonPredicate JsonExistence(FieldOperand json) => new(json.Field.Id, new JsonPath(json.Path), JsonExistsTest.Instance);

    private ConditionOperand? NullTest(NullTestSyntax node)
    {
        var syntax = node.Operand is PrefixSyntax { Operator: TokenKind.LeftParenthesis } parenthesised ? parenthesised.Operand : node.Operand;
        if (syntax is not FieldSyntax name)
        {
            return Wrong(node.Operand.Position, "is null and is not null stand behind a field");
        }

        if (Resolve(name) is not { } field)
        {
            return null;
        }

        Predicate isNull = field switch
        {
            { Field.Type: DataType.Json, Path.IsEmpty: false } => JsonExistence(field).Negated(),
            { IsElement: true } => new ArrayElementNull(field.Field, field.Path[0].Index),
            { Field.Nullable: false } => ConstantPredicate.Never,
            _ => new NullPredicate(field.Field.Id, isNull: true),
        };
        return Condition(node.Position, node.Negated ? isNull.Negated() : isNull);
    }
}
