using System.Collections.Immutable;
using Elanus.Primitives;

namespace Elanus.Expressions;

/// <summary>What a part of an expression turned out to be.</summary>
internal abstract record Operand(int Position)
{
    /// <summary>The type in a message's words.</summary>
    public abstract string TypeName { get; }
}

internal sealed record ConstantOperand(int Position, Literal Value) : Operand(Position)
{
    public override string TypeName => Value.Kind switch
    {
        LiteralKind.Bool => "Bool",
        LiteralKind.Integer => "Int64",
        LiteralKind.Floating => "Double",
        LiteralKind.Text => "VarChar",
        _ => "Array",
    };
}

/// <summary>A field, a JSON path or an array element.</summary>
internal sealed record FieldOperand(int Position, FieldSchema Field, ImmutableArray<PathStep> Path) : Operand(Position)
{
    /// <summary>The type of the value itself: an element's for an array's element.</summary>
    public DataType ValueType => IsElement ? Field.ElementType : Field.Type;

    public bool IsElement => Field.Type == DataType.Array && Path.Length == 1;

    public bool IsWholeArray => Field.Type == DataType.Array && Path.IsEmpty;

    public override string TypeName => IsWholeArray ? $"Array[{TypeNames.Of(Field.ElementType)}]" : TypeNames.Of(ValueType);

    public string Name => Field.Name;
}

/// <summary>A number that is computed.</summary>
internal sealed record NumberOperand(int Position, NumericNode Node) : Operand(Position)
{
    public override string TypeName => Node.Type switch
    {
        NumberType.Integer => "Int64",
        NumberType.Mixed => "JSON",
        _ => "Double",
    };
}

/// <summary>A condition.</summary>
internal sealed record ConditionOperand(int Position, Predicate Predicate) : Operand(Position)
{
    public override string TypeName => "Bool";
}

/// <summary>A share of the rows, for the top of an expression only.</summary>
internal sealed record SampleOperand(int Position, double Share) : Operand(Position)
{
    public override string TypeName => "random_sample";
}

internal static class TypeNames
{
    /// <summary>A type as Milvus writes it.</summary>
    public static string Of(DataType type) => type == DataType.Json ? "JSON" : type.ToString();
}
