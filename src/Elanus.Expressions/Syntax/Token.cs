namespace Elanus.Expressions;

/// <summary>One token. Position and length in UTF-16 units; the value where the kind has one.</summary>
internal readonly record struct Token(TokenKind Kind, int Position, int Length)
{
    /// <summary>Magnitude of an integer, bits of a double, or 0 / 1.</summary>
    public ulong Bits { get; init; }

    /// <summary>A text without quotes and escapes, or an identifier.</summary>
    public string? Text { get; init; }
}
