using System.Collections.Immutable;

namespace Elanus.Expressions;

/// <summary>What was written, before fields and types are looked up. Position is 0-based, in UTF-16 units.</summary>
internal abstract record SyntaxNode(int Position)
{
    /// <summary>1 for a leaf, else one more than the highest child; bounds every recursion over the tree.</summary>
    public int Height { get; protected init; } = 1;

    protected static int Above(SyntaxNode a, SyntaxNode? b = null) => Math.Max(a.Height, b?.Height ?? 0) + 1;

    protected static int Above(ImmutableArray<SyntaxNode> children)
    {
        var height = 1;
        foreach (var child in children)
        {
            height = Math.Max(height, child.Height + 1);
        }

        return height;
    }
}

/// <summary>An integer before its range is checked, so that the most negative one can be written.</summary>
internal sealed record IntegerSyntax(int Position, ulong Magnitude, bool Negative) : SyntaxNode(Position);

internal sealed record LiteralSyntax(int Position, Literal Value) : SyntaxNode(Position);

internal sealed record TemplateSyntax(int Position, string Name) : SyntaxNode(Position);

/// <summary>A field or dynamic key, with the steps behind it.</summary>
internal sealed record FieldSyntax(int Position, string Name, ImmutableArray<PathStep> Path) : SyntaxNode(Position);

/// <summary>One <c>["key"]</c> or <c>[3]</c>; Index is -1 for a quoted key.</summary>
internal readonly record struct PathStep(int Position, string Key, int Index);

internal sealed record ListSyntax : SyntaxNode
{
    public ListSyntax(int position, ImmutableArray<SyntaxNode> items)
        : base(position)
    {
        Items = items;
        Height = Above(items);
    }

    public ImmutableArray<SyntaxNode> Items { get; }
}

internal sealed record PrefixSyntax : SyntaxNode
{
    public PrefixSyntax(int position, TokenKind @operator, SyntaxNode operand)
        : base(position)
    {
        Operator = @operator;
        Operand = operand;
        Height = Above(operand);
    }

    public TokenKind Operator { get; }

    public SyntaxNode Operand { get; }
}

/// <summary>Comparison, arithmetic, like, and the bit operators; the position is the operator's.</summary>
internal sealed record BinarySyntax : SyntaxNode
{
    public BinarySyntax(int position, TokenKind @operator, SyntaxNode left, SyntaxNode right)
        : base(position)
    {
        Operator = @operator;
        Left = left;
        Right = right;
        Height = Above(left, right);
    }

    public TokenKind Operator { get; }

    public SyntaxNode Left { get; }

    public SyntaxNode Right { get; }
}

/// <summary>Two or more operands joined by and, or by or.</summary>
internal sealed record ChainSyntax : SyntaxNode
{
    public ChainSyntax(int position, TokenKind @operator, ImmutableArray<SyntaxNode> operands)
        : base(position)
    {
        Operator = @operator;
        Operands = operands;
        Height = Above(operands);
    }

    public TokenKind Operator { get; }

    public ImmutableArray<SyntaxNode> Operands { get; }
}

internal sealed record InSyntax : SyntaxNode
{
    public InSyntax(int position, SyntaxNode operand, bool negated, SyntaxNode list)
        : base(position)
    {
        Operand = operand;
        Negated = negated;
        List = list;
        Height = Above(operand, list);
    }

    public SyntaxNode Operand { get; }

    public bool Negated { get; }

    public SyntaxNode List { get; }
}

/// <summary><c>low &lt; field &lt;= high</c>, or the same with &gt;, where First is the upper bound.</summary>
internal sealed record RangeSyntax : SyntaxNode
{
    public RangeSyntax(SyntaxNode first, TokenKind firstOperator, FieldSyntax field, TokenKind secondOperator, SyntaxNode second)
        : base(first.Position)
    {
        First = first;
        FirstOperator = firstOperator;
        Field = field;
        SecondOperator = secondOperator;
        Second = second;
        Height = Above(first, second);
    }

    public SyntaxNode First { get; }

    public TokenKind FirstOperator { get; }

    public FieldSyntax Field { get; }

    public TokenKind SecondOperator { get; }

    public SyntaxNode Second { get; }
}

internal sealed record NullTestSyntax : SyntaxNode
{
    public NullTestSyntax(int position, SyntaxNode operand, bool negated)
        : base(position)
    {
        Operand = operand;
        Negated = negated;
        Height = Above(operand);
    }

    public SyntaxNode Operand { get; }

    public bool Negated { get; }
}

internal sealed record CallSyntax : SyntaxNode
{
    public CallSyntax(int position, string name, ImmutableArray<SyntaxNode> arguments)
        : base(position)
    {
        Name = name;
        Arguments = arguments;
        Height = Above(arguments);
    }

    /// <summary>In lower case.</summary>
    public string Name { get; }

    public ImmutableArray<SyntaxNode> Arguments { get; }
}
