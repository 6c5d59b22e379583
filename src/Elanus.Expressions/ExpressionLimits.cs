namespace Elanus.Expressions;

/// <summary>What an expression may be at most; anything beyond is an invalid parameter.</summary>
public static class ExpressionLimits
{
    /// <summary>UTF-16 units of an expression's text.</summary>
    public const int TextLengthMax = 32 * 1024 * 1024;

    /// <summary>Levels of nesting: parentheses, signs, calls, and operators that lean on one another. Chains of and / or count once.</summary>
    public const int NestingMax = 200;

    /// <summary>Elements of one list, written or given as a template.</summary>
    public const int ListLengthMax = 1_000_000;

    /// <summary>Steps of one JSON path.</summary>
    public const int PathLengthMax = 64;

    /// <summary>Nesting of lists within lists.</summary>
    public const int ListNestingMax = 16;

    /// <summary>UTF-16 units of an expression or a text that an error message quotes.</summary>
    public const int QuotedTextMax = 200;

    /// <summary>Nesting of a JSON document that a filter looks into; behind the first deeper place it has no values.</summary>
    public const int JsonDepthMax = 1024;
}
