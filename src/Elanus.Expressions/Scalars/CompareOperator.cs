namespace Elanus.Expressions;

internal enum CompareOperator
{
    Equal,
    NotEqual,
    Less,
    LessOrEqual,
    Greater,
    GreaterOrEqual,
}

internal static class CompareOperators
{
    public static CompareOperator From(TokenKind kind) => kind switch
    {
        TokenKind.Equal => CompareOperator.Equal,
        TokenKind.NotEqual => CompareOperator.NotEqual,
        TokenKind.Less => CompareOperator.Less,
        TokenKind.LessOrEqual => CompareOperator.LessOrEqual,
        TokenKind.Greater => CompareOperator.Greater,
        _ => CompareOperator.GreaterOrEqual,
    };

    /// <summary>The operator that says the same with the operands exchanged.</summary>
    public static CompareOperator Exchanged(this CompareOperator @operator) => @operator switch
    {
        CompareOperator.Less => CompareOperator.Greater,
        CompareOperator.LessOrEqual => CompareOperator.GreaterOrEqual,
        CompareOperator.Greater => CompareOperator.Less,
        CompareOperator.GreaterOrEqual => CompareOperator.LessOrEqual,
        _ => @operator,
    };

    /// <summary>Whether it holds for operands of that order (negative, zero, positive).</summary>
    public static bool Holds(this CompareOperator @operator, int order) => @operator switch
    {
        CompareOperator.Equal => order == 0,
        CompareOperator.NotEqual => order != 0,
        CompareOperator.Less => order < 0,
        CompareOperator.LessOrEqual => order <= 0,
        CompareOperator.Greater => order > 0,
        _ => order >= 0,
    };

    public static bool IsEquality(this CompareOperator @operator) => @operator is CompareOperator.Equal or CompareOperator.NotEqual;
}
