using Elanus.Primitives;

namespace Elanus.Expressions;

/// <summary>Arithmetic and signs.</summary>
internal sealed partial class Binder
{
    /// <summary>The operand as a number; null, without a fault, where it is none.</summary>
    private static NumericNode? Number(Operand operand) => operand switch
    {
        NumberOperand number => number.Node,
        ConstantOperand { Value.IsNumber: true } constant => new NumericConstant(constant.Value),
        FieldOperand { Field.Type: DataType.Json } json => new JsonNumber(json.Field.Id, new JsonPath(json.Path)),
        FieldOperand { IsElement: true } element when element.ValueType.IsNumeric() => new ArrayElementNumber(element.Field, element.Path[0].Index),
        FieldOperand { IsWholeArray: false } column when column.ValueType.IsNumeric() => new NumericColumn(column.Field),
        _ => null,
    };

    private Operand? Sign(PrefixSyntax node)
    {
        if (node.Operator == TokenKind.Tilde)
        {
            return Fault(node.Position, "unexpected op: ~");
        }

        var operand = Operand(node.Operand);
        if (operand is null)
        {
            return null;
        }

        if (Number(operand) is not { } number)
        {
            return operand is SampleOperand
                ? SampleMisplaced(operand)
                : Fault(operand.Position, $"a sign can only stand before a number, not before {Described(operand)}");
        }

        if (node.Operator == TokenKind.Plus)
        {
            return operand;
        }

        if (operand is ConstantOperand constant)
        {
            if (constant.Value.Kind == LiteralKind.Integer && constant.Value.Integer == long.MinValue)
            {
                return Fault(node.Position, "the integer is beyond 64 bits");
            }

            var value = constant.Value.Kind == LiteralKind.Integer ? Literal.Of(-constant.Value.Integer) : Literal.Of(-constant.Value.Floating);
            return new ConstantOperand(node.Position, value);
        }

        return new NumberOperand(node.Position, new ArithmeticNode(ArithmeticOperator.Subtract, new NumericConstant(Literal.Of(0)), number));
    }

    private Operand? Arithmetic(BinarySyntax node, ArithmeticOperator @operator, Operand left, Operand right)
    {
        if (Number(left) is not { } a || Number(right) is not { } b)
        {
            return Fault(node.Position, $"cannot perform arithmetic between {Described(left)} and {Described(right)}");
        }

        if (@operator is ArithmeticOperator.Divide or ArithmeticOperator.Modulo && right is ConstantOperand { Value.Floating: 0 })
        {
            return Fault(right.Position, "division or modulus by zero");
        }

        if (@operator == ArithmeticOperator.Modulo && (a.Type is NumberType.Single or NumberType.Double || b.Type is NumberType.Single or NumberType.Double))
        {
            return Fault(node.Position, $"modulo can only apply on integer types, not between {Described(left)} and {Described(right)}");
        }

        if (left is ConstantOperand leftConstant && right is ConstantOperand rightConstant)
        {
            return Expressions.Arithmetic.TryFold(@operator, leftConstant.Value, rightConstant.Value, out var folded)
                ? new ConstantOperand(left.Position, folded)
                : Fault(node.Position, "the result of the constants is beyond the range of its type");
        }

        return new NumberOperand(left.Position, new ArithmeticNode(@operator, a, b));
    }
}
