using System.Collections.Immutable;
using Elanus.Primitives;

namespace Elanus.Expressions;

/// <summary>
/// Gives a syntax tree its meaning under a schema: looks up fields and templates, checks types, folds constants, and chooses the step that
/// evaluates each condition. Methods answer null after they reported a fault. Used once, by one thread.
/// </summary>
internal sealed partial class Binder(CollectionSchema schema, IReadOnlyDictionary<string, Literal> templates, Faults faults)
{
    /// <summary>The whole expression: a condition, and perhaps a sample of what it leaves.</summary>
    public FilterPlan? Bind(SyntaxNode tree)
    {
        var share = 0.0;
        if (tree is ChainSyntax { Operator: TokenKind.And } chain && chain.Operands[^1] is CallSyntax { Name: SampleName } last)
        {
            if (Sample(last) is not { } sample)
            {
                return null;
            }

            share = sample.Share;
            var rest = chain.Operands[..^1];
            tree = rest.Length == 1 ? rest[0] : new ChainSyntax(chain.Position, chain.Operator, rest);
        }

        switch (Operand(tree))
        {
            case null:
                return null;
            case SampleOperand whole when share == 0:
                return new FilterPlan(ConstantPredicate.Always, whole.Share);
            case { } operand:
                return AsCondition(operand) is { } condition ? new FilterPlan(condition, share) : NotBoolean(operand);
        }
    }

    private FilterPlan? NotBoolean(Operand operand)
    {
        if (operand is SampleOperand)
        {
            SampleMisplaced(operand);
            return null;
        }

        faults.NotBoolean(operand.Position, operand.TypeName);
        return null;
    }

    /// <summary>A condition as such; null, without a fault, where the operand is none.</summary>
    private static Predicate? AsCondition(Operand operand) => operand switch
    {
        ConditionOperand condition => condition.Predicate,
        ConstantOperand { Value: { Kind: LiteralKind.Bool } value } => ConstantPredicate.Of(value.Bool),
        _ => null,
    };

    private Operand? Operand(SyntaxNode node) => node switch
    {
        IntegerSyntax integer => Integer(integer),
        LiteralSyntax literal => new ConstantOperand(literal.Position, literal.Value),
        TemplateSyntax template => Template(template),
        ListSyntax list => List(list),
        FieldSyntax field => Field(field),
        PrefixSyntax { Operator: TokenKind.LeftParenthesis } parenthesised => Operand(parenthesised.Operand),
        PrefixSyntax { Operator: TokenKind.Not } not => Not(not),
        PrefixSyntax { Operator: TokenKind.Exists } exists => Exists(exists),
        PrefixSyntax sign => Sign(sign),
        ChainSyntax chain => Chain(chain),
        InSyntax contained => In(contained),
        RangeSyntax range => Range(range),
        NullTestSyntax test => NullTest(test),
        CallSyntax call => Call(call),
        BinarySyntax binary => Binary(binary),
        _ => throw new InvariantBrokenException($"a syntax node of type {node.GetType()} has no meaning"),
    };

    private ConstantOperand? Integer(IntegerSyntax node)
    {
        var magnitudeMax = node.Negative ? 1UL << 63 : (ulong)long.MaxValue;
        if (node.Magnitude > magnitudeMax)
        {
            return Fault(node.Position, "the integer is beyond 64 bits");
        }

        return new ConstantOperand(node.Position, Literal.Of(node.Negative ? unchecked((long)(0 - node.Magnitude)) : (long)node.Magnitude));
    }

    private ConstantOperand? Template(TemplateSyntax node)
    {
        if (!templates.TryGetValue(node.Name, out var value))
        {
            return Fault(node.Position, $"the value of expression template variable name {{{node.Name}}} is not found");
        }

        return CheckTemplate(node, value, 0) ? new ConstantOperand(node.Position, value) : null;
    }

    private bool CheckTemplate(TemplateSyntax node, in Literal value, int depth)
    {
        if (value.Kind == LiteralKind.Floating && double.IsNaN(value.Floating))
        {
            Fault(node.Position, $"the template {{{node.Name}}} is not a number");
            return false;
        }

        if (depth > ExpressionLimits.ListNestingMax || value.Elements.Length > ExpressionLimits.ListLengthMax)
        {
            Fault(node.Position, $"the list of template {{{node.Name}}} is longer than {ExpressionLimits.ListLengthMax} or nests deeper than {ExpressionLimits.ListNestingMax}");
            return false;
        }

        foreach (var element in value.Elements.AsSpan())
        {
            if (!CheckTemplate(node, element, depth + 1))
            {
                return false;
            }
        }

        return true;
    }

    private ConstantOperand? List(ListSyntax node)
    {
        if (node.Height > ExpressionLimits.ListNestingMax)
        {
            return Fault(node.Position, $"lists nest deeper than {ExpressionLimits.ListNestingMax}");
        }

        var elements = new Literal[node.Items.Length];
        for (var i = 0; i < elements.Length; i++)
        {
            switch (Operand(node.Items[i]))
            {
                case null:
                    return null;
                case ConstantOperand constant:
                    elements[i] = constant.Value;
                    break;
                case { } other:
                    return Fault(other.Position, $"an element of a list must be a constant, not {Described(other)}");
            }
        }

        return new ConstantOperand(node.Position, Literal.List(elements));
    }

    private FieldOperand? Field(FieldSyntax node) => Resolve(node) is { } field && CheckReadable(field) ? field : null;

    /// <summary>The field, or the key of the dynamic field, that a name means; of any type.</summary>
    private FieldOperand? Resolve(FieldSyntax node)
    {
        var path = node.Path;
        FieldSchema field;
        if (node.Name != Lexer.DynamicName && schema.Find(node.Name) is { IsDynamic: false } named)
        {
            field = named;
        }
        else if (schema.DynamicField is { } dynamic)
        {
            field = dynamic;
            path = node.Name == Lexer.DynamicName || node.Name == dynamic.Name ? path : path.Insert(0, new PathStep(node.Position, node.Name, -1));
        }
        else
        {
            Fault(node.Position, $"field {node.Name} not exist");
            return null;
        }

        if (!path.IsEmpty && field.Type != DataType.Json)
        {
            if (field.Type != DataType.Array)
            {
                Fault(path[0].Position, $"{TypeNames.Of(field.Type)} data type not supported accessed with [], in field {field.Name}");
                return null;
            }

            if (path.Length > 1 || path[0].Index < 0)
            {
                Fault(path[path.Length > 1 ? 1 : 0].Position, $"can only access array field {field.Name} with one integer index");
                return null;
            }
        }

        return new FieldOperand(node.Position, field, path);
    }

    private bool CheckReadable(FieldOperand operand)
    {
        var type = operand.Field.Type;
        if (type is DataType.Geometry or DataType.Timestamptz)
        {
            faults.Unimplemented(operand.Position, $"{TypeNames.Of(type)} field {operand.Name}");
            return false;
        }

        if (!(type.IsNumeric() || type.IsText() || type is DataType.Bool or DataType.Json or DataType.Array))
        {
            Fault(operand.Position, $"a filter on {TypeNames.Of(type)} field {operand.Name} is not supported");
            return false;
        }

        return true;
    }

    private ConditionOperand? Not(PrefixSyntax node)
    {
        var operand = Operand(node.Operand);
        if (operand is null)
        {
            return null;
        }

        if (operand is SampleOperand)
        {
            return SampleMisplaced(operand);
        }

        return AsCondition(operand) is { } condition
            ? new ConditionOperand(node.Position, condition.Negated())
            : Wrong(operand.Position, $"not op can only be applied on boolean expression, not on {Described(operand)}");
    }

    private ConditionOperand? Chain(ChainSyntax node)
    {
        var word = node.Operator == TokenKind.And ? "and" : "or";
        var conditions = new List<Predicate>(node.Operands.Length);
        foreach (var part in node.Operands)
        {
            var operand = Operand(part);
            if (operand is null)
            {
                return null;
            }

            if (operand is SampleOperand)
            {
                return SampleMisplaced(operand);
            }

            if (AsCondition(operand) is not { } condition)
            {
                return Wrong(operand.Position, $"'{word}' can only be used between boolean expressions, not with {Described(operand)}");
            }

            conditions.Add(condition);
        }

        return new ConditionOperand(node.Position, ChainPredicate.Of(node.Operator == TokenKind.And, conditions));
    }

    private Operand? Binary(BinarySyntax node)
    {
        switch (node.Operator)
        {
            case TokenKind.Ampersand: return Fault(node.Position, "BitAnd is not supported");
            case TokenKind.Bar: return Fault(node.Position, "BitOr is not supported");
            case TokenKind.Caret: return Fault(node.Position, "BitXor is not supported");
            case TokenKind.ShiftLeft or TokenKind.ShiftRight: return Fault(node.Position, "shift is not supported");
        }

        if (Operand(node.Left) is not { } left || Operand(node.Right) is not { } right)
        {
            return null;
        }

        if (left is SampleOperand || right is SampleOperand)
        {
            return SampleMisplaced(left is SampleOperand ? left : right);
        }

        return node.Operator switch
        {
            TokenKind.Like => Like(node, left, right),
            TokenKind.Plus => Arithmetic(node, ArithmeticOperator.Add, left, right),
            TokenKind.Minus => Arithmetic(node, ArithmeticOperator.Subtract, left, right),
            TokenKind.Star => Arithmetic(node, ArithmeticOperator.Multiply, left, right),
            TokenKind.Slash => Arithmetic(node, ArithmeticOperator.Divide, left, right),
            TokenKind.Percent => Arithmetic(node, ArithmeticOperator.Modulo, left, right),
            TokenKind.Power => Arithmetic(node, ArithmeticOperator.Power, left, right),
            _ => Compare(node.Position, CompareOperators.From(node.Operator), left, right),
        };
    }

    private static string Described(Operand operand) => operand switch
    {
        ConstantOperand constant => $"the {constant.TypeName} constant {constant.Value}",
        FieldOperand field => $"{field.TypeName} field {field.Name}",
        ConditionOperand => "a condition",
        SampleOperand => "random_sample",
        _ => $"a {operand.TypeName} number",
    };

    private ConstantOperand? Fault(int position, string what)
    {
        faults.Invalid(position, what);
        return null;
    }

    private ConditionOperand? Wrong(int position, string what)
    {
        faults.Invalid(position, what);
        return null;
    }

    private ConditionOperand? SampleMisplaced(Operand sample) =>
        Wrong(sample.Position, "random_sample can only be the whole expression or the last part of an and at its top");
}
