namespace Elanus.Expressions;

/// <summary>Cuts an expression into tokens, one at a time. Keywords come in lower and in upper case, never mixed, as in Milvus.</summary>
internal sealed class Lexer(string text, Faults faults)
{
    private int position;

    /// <summary>The next token, or null after a fault was reported.</summary>
    public Token? Next()
    {
        while (position < text.Length && text[position] is ' ' or '\t' or '\r' or '\n')
        {
            position++;
        }

        if (position >= text.Length)
        {
            return new Token(TokenKind.End, text.Length, 0);
        }

        var c = text[position];
        return c switch
        {
            '"' or '\'' => Quoted(c),
            >= '0' and <= '9' => Number(),
            '.' when position + 1 < text.Length && char.IsAsciiDigit(text[position + 1]) => Number(),
            '$' => Meta(),
            _ when IsWordStart(c) => Word(),
            _ => Symbol(c),
        };
    }

    private static bool IsWordStart(char c) => c == '_' || char.IsLetter(c);

    private static bool IsWordPart(char c) => c == '_' || char.IsLetterOrDigit(c);

    private Token Word()
    {
        var start = position;
        while (position < text.Length && IsWordPart(text[position]))
        {
            position++;
        }

        var word = text[start..position];
        var (kind, bits) = word switch
        {
            "and" or "AND" => (TokenKind.And, 0u),
            "or" or "OR" => (TokenKind.Or, 0u),
            "not" or "NOT" => (TokenKind.Not, 0u),
            "in" or "IN" => (TokenKind.In, 0u),
            "like" or "LIKE" => (TokenKind.Like, 0u),
            "exists" or "EXISTS" => (TokenKind.Exists, 0u),
            "true" or "True" or "TRUE" => (TokenKind.Bool, 1u),
            "false" or "False" or "FALSE" => (TokenKind.Bool, 0u),
            _ => (TokenKind.Identifier, 0u),
        };
        return new Token(kind, start, position - start) { Text = word, Bits = bits };
    }

    private Token? Meta()
    {
        var start = position++;
        while (position < text.Length && IsWordPart(text[position]))
        {
            position++;
        }

        var word = text[start..position];
        if (word != DynamicName)
        {
            faults.Invalid(start, $"\"{word}\" is not known, only {DynamicName} begins with $");
            return null;
        }

        return new Token(TokenKind.Identifier, start, position - start) { Text = word };
    }

    /// <summary>How an expression calls the field that holds the keys outside the schema.</summary>
    public const string DynamicName = "$meta";

    private Token? Quoted(char quote)
    {
        var start = position;
        if (!TextLiteral.TryRead(text, ref position, quote, faults, out var value))
        {
            return null;
        }

        return new Token(TokenKind.Text, start, position - start) { Text = value };
    }

    private Token? Number()
    {
        var start = position;
        if (!NumberLiteral.TryRead(text, ref position, faults, out var kind, out var bits))
        {
            return null;
        }

        if (position < text.Length && IsWordPart(text[position]))
        {
            faults.Invalid(start, $"the number {text.AsSpan(start, Math.Min(position - start + 1, ExpressionLimits.QuotedTextMax))} is not well formed");
            return null;
        }

        return new Token(kind, start, position - start) { Bits = bits };
    }

    private Token? Symbol(char c)
    {
        var next = position + 1 < text.Length ? text[position + 1] : '\0';
        var (kind, length) = (c, next) switch
        {
            ('<', '=') => (TokenKind.LessOrEqual, 2),
            ('<', '<') => (TokenKind.ShiftLeft, 2),
            ('<', _) => (TokenKind.Less, 1),
            ('>', '=') => (TokenKind.GreaterOrEqual, 2),
            ('>', '>') => (TokenKind.ShiftRight, 2),
            ('>', _) => (TokenKind.Greater, 1),
            ('=', '=') => (TokenKind.Equal, 2),
            ('!', '=') => (TokenKind.NotEqual, 2),
            ('!', _) => (TokenKind.Not, 1),
            ('&', '&') => (TokenKind.And, 2),
            ('&', _) => (TokenKind.Ampersand, 1),
            ('|', '|') => (TokenKind.Or, 2),
            ('|', _) => (TokenKind.Bar, 1),
            ('*', '*') => (TokenKind.Power, 2),
            ('*', _) => (TokenKind.Star, 1),
            ('+', _) => (TokenKind.Plus, 1),
            ('-', _) => (TokenKind.Minus, 1),
            ('/', _) => (TokenKind.Slash, 1),
            ('%', _) => (TokenKind.Percent, 1),
            ('^', _) => (TokenKind.Caret, 1),
            ('~', _) => (TokenKind.Tilde, 1),
            ('(', _) => (TokenKind.LeftParenthesis, 1),
            (')', _) => (TokenKind.RightParenthesis, 1),
            ('[', _) => (TokenKind.LeftBracket, 1),
            (']', _) => (TokenKind.RightBracket, 1),
            ('{', _) => (TokenKind.LeftBrace, 1),
            ('}', _) => (TokenKind.RightBrace, 1),
            (',', _) => (TokenKind.Comma, 1),
            _ => (TokenKind.End, 0),
        };
        if (length == 0)
        {
            faults.Invalid(position, c == '='
                ? "\"=\" is no operator, equality is written =="
                : $"token recognition error at: '{text.AsSpan(position, char.IsHighSurrogate(c) && char.IsLowSurrogate(next) ? 2 : 1)}'");
            return null;
        }

        var start = position;
        position += length;
        return new Token(kind, start, length);
    }
}
