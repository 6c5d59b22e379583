using System.Collections.Immutable;

namespace Elanus.Expressions;

/// <summary>
/// Parses by precedence climbing. From loose to tight: or, and, not, |, ^, &amp;, == !=, comparison and range, in, shifts, + -, * / %,
/// signs, **, like, exists. All binary operators, ** too, group to the left, as in Milvus. There <c>not</c> and <c>!</c> bind as tightly as a sign,
/// which makes <c>not a == 1</c> an error though its manual shows it; binding them loosely accepts that and changes no other meaning.
/// Methods answer null after they reported a fault.
/// </summary>
internal sealed class Parser
{
    private const int OrPower = 1;
    private const int AndPower = 2;
    private const int NotPower = 3;
    private const int EqualityPower = 7;
    private const int RelationalPower = 8;
    private const int InPower = 9;
    private const int SignPower = 13;
    private const int LikePower = 15;
    private const int PostfixPower = 16;

    private readonly Lexer lexer;
    private readonly Faults faults;
    private Token current;
    private int nesting;

    private Parser(string text, Faults faults)
    {
        this.faults = faults;
        lexer = new Lexer(text, faults);
    }

    /// <summary>The whole text as one expression.</summary>
    public static SyntaxNode? Parse(string text, Faults faults)
    {
        var parser = new Parser(text, faults);
        if (!parser.Advance() || parser.Expression(OrPower) is not { } tree)
        {
            return null;
        }

        if (parser.current.Kind != TokenKind.End)
        {
            faults.Invalid(parser.current.Position, $"expected an operator or the end, found {parser.Found(text)}");
            return null;
        }

        return tree;
    }

    private string Found(string text) => current.Kind == TokenKind.End
        ? "the end"
        : $"\"{text.AsSpan(current.Position, Math.Min(current.Length, ExpressionLimits.QuotedTextMax))}\"";

    private bool Advance()
    {
        if (lexer.Next() is not { } token)
        {
            return false;
        }

        current = token;
        return true;
    }

    private bool Take(TokenKind kind, string what)
    {
        if (current.Kind == kind)
        {
            return Advance();
        }

        faults.Invalid(current.Position, $"expected {what}{(current.Kind == TokenKind.End ? ", but the expression ends" : "")}");
        return false;
    }

    private SyntaxNode? Expression(int power)
    {
        if (++nesting > ExpressionLimits.NestingMax)
        {
            return TooDeep(current.Position);
        }

        var left = Operand();
        while (left is not null && Power(current) is var next && next >= power)
        {
            if (left.Height > ExpressionLimits.NestingMax)
            {
                return TooDeep(current.Position);
            }

            left = next switch
            {
                PostfixPower => NullTest(left),
                OrPower or AndPower => Chain(left, next),
                InPower => In(left),
                RelationalPower => Relational(left),
                _ => Binary(left, next),
            };
        }

        nesting--;
        return left;
    }

    private SyntaxNode? TooDeep(int position)
    {
        faults.Invalid(position, $"the expression nests deeper than {ExpressionLimits.NestingMax} levels");
        return null;
    }

    /// <summary>How tightly the current token binds as an operator; -1 where it is none.</summary>
    private static int Power(in Token token) => token.Kind switch
    {
        TokenKind.Or => OrPower,
        TokenKind.And => AndPower,
        TokenKind.Bar => 4,
        TokenKind.Caret => 5,
        TokenKind.Ampersand => 6,
        TokenKind.Equal or TokenKind.NotEqual => EqualityPower,
        TokenKind.Less or TokenKind.LessOrEqual or TokenKind.Greater or TokenKind.GreaterOrEqual => RelationalPower,
        TokenKind.In or TokenKind.Not => InPower,
        TokenKind.ShiftLeft or TokenKind.ShiftRight => 10,
        TokenKind.Plus or TokenKind.Minus => 11,
        TokenKind.Star or TokenKind.Slash or TokenKind.Percent => 12,
        TokenKind.Power => 14,
        TokenKind.Like => LikePower,
        TokenKind.Identifier when IsWord(token, "is") => PostfixPower,
        _ => -1,
    };

    private static bool IsWord(in Token token, string word) =>
        token.Kind == TokenKind.Identifier && string.Equals(token.Text, word, StringComparison.OrdinalIgnoreCase);

    private BinarySyntax? Binary(SyntaxNode left, int power)
    {
        var @operator = current;
        if (!Advance())
        {
            return null;
        }

        if (@operator.Kind is TokenKind.Plus or TokenKind.Minus && IsWord(current, "interval"))
        {
            faults.Unimplemented(current.Position, "INTERVAL");
            return null;
        }

        return Expression(power + 1) is { } right ? new BinarySyntax(@operator.Position, @operator.Kind, left, right) : null;
    }

    private ChainSyntax? Chain(SyntaxNode first, int power)
    {
        var @operator = current;
        var operands = ImmutableArray.CreateBuilder<SyntaxNode>();
        operands.Add(first);
        while (current.Kind == @operator.Kind)
        {
            if (!Advance() || Expression(power + 1) is not { } operand)
            {
                return null;
            }

            operands.Add(operand);
        }

        return new ChainSyntax(@operator.Position, @operator.Kind, operands.ToImmutable());
    }

    private SyntaxNode? Relational(SyntaxNode left)
    {
        var first = current;
        if (!Advance() || Expression(RelationalPower + 1) is not { } middle)
        {
            return null;
        }

        var second = current;
        var ascending = first.Kind is TokenKind.Less or TokenKind.LessOrEqual;
        var sameWay = ascending ? second.Kind is TokenKind.Less or TokenKind.LessOrEqual : second.Kind is TokenKind.Greater or TokenKind.GreaterOrEqual;
        if (!sameWay || middle is not FieldSyntax field)
        {
            return new BinarySyntax(first.Position, first.Kind, left, middle);
        }

        return Advance() && Expression(RelationalPower + 1) is { } last ? new RangeSyntax(left, first.Kind, field, second.Kind, last) : null;
    }

    private InSyntax? In(SyntaxNode left)
    {
        var start = current.Position;
        var negated = current.Kind == TokenKind.Not;
        if ((negated && !Advance()) || !Take(TokenKind.In, "in"))
        {
            return null;
        }

        return Expression(InPower + 1) is { } list ? new InSyntax(start, left, negated, list) : null;
    }

    private NullTestSyntax? NullTest(SyntaxNode operand)
    {
        var start = current.Position;
        if (!Advance())
        {
            return null;
        }

        var negated = current is { Kind: TokenKind.Not, Text: not null } || IsWord(current, "not");
        if (negated && !Advance())
        {
            return null;
        }

        if (!IsWord(current, "null"))
        {
            faults.Invalid(current.Position, "expected null or not null after is");
            return null;
        }

        return Advance() ? new NullTestSyntax(start, operand, negated) : null;
    }

    private SyntaxNode? Operand()
    {
        var token = current;
        switch (token.Kind)
        {
            case TokenKind.Integer:
                return Advance() ? new IntegerSyntax(token.Position, token.Bits, false) : null;
            case TokenKind.Floating:
                return Advance() ? new LiteralSyntax(token.Position, Literal.Of(BitConverter.UInt64BitsToDouble(token.Bits))) : null;
            case TokenKind.Text:
                return Advance() ? new LiteralSyntax(token.Position, Literal.Of(token.Text!)) : null;
            case TokenKind.Bool:
                return Advance() ? new LiteralSyntax(token.Position, Literal.Of(token.Bits != 0)) : null;
            case TokenKind.Identifier:
                return Name();
            case TokenKind.LeftParenthesis:
                return Advance() && Expression(OrPower) is { } inner && Take(TokenKind.RightParenthesis, "a closing )") ? Parenthesised(inner) : null;
            case TokenKind.LeftBracket:
                return List();
            case TokenKind.LeftBrace:
                return Template();
            case TokenKind.Not:
                return Prefix(NotPower + 1);
            case TokenKind.Exists:
                return Prefix(PostfixPower + 1);
            case TokenKind.Plus or TokenKind.Minus or TokenKind.Tilde:
                return Prefix(SignPower);
            case TokenKind.End:
                faults.Invalid(token.Position, "expected a field or a value, but the expression ends");
                return null;
            default:
                faults.Invalid(token.Position, "expected a field or a value");
                return null;
        }
    }

    /// <summary>A field in parentheses is no longer the middle of a range, nor the start of a JSON path.</summary>
    private static SyntaxNode Parenthesised(SyntaxNode inner) =>
        inner is FieldSyntax ? new PrefixSyntax(inner.Position, TokenKind.LeftParenthesis, inner) : inner;

    private SyntaxNode? Prefix(int power)
    {
        var @operator = current;
        if (!Advance() || Expression(power) is not { } operand)
        {
            return null;
        }

        if (@operator.Kind == TokenKind.Minus && operand is IntegerSyntax integer)
        {
            return new IntegerSyntax(@operator.Position, integer.Magnitude, !integer.Negative);
        }

        return new PrefixSyntax(@operator.Position, @operator.Kind, operand);
    }

    private TemplateSyntax? Template()
    {
        var start = current.Position;
        if (!Advance())
        {
            return null;
        }

        var name = current.Text;
        return Take(TokenKind.Identifier, "the name of a template") && Take(TokenKind.RightBrace, "a closing }") ? new TemplateSyntax(start, name!) : null;
    }

    private ListSyntax? List()
    {
        var start = current.Position;
        if (!Advance())
        {
            return null;
        }

        return Items(TokenKind.RightBracket, "a comma or a closing ]") is { } items ? new ListSyntax(start, items) : null;
    }

    /// <summary>Expressions up to a closing token, a comma allowed behind the last.</summary>
    private ImmutableArray<SyntaxNode>? Items(TokenKind close, string expected)
    {
        var items = ImmutableArray.CreateBuilder<SyntaxNode>();
        while (current.Kind != close)
        {
            if (items.Count == ExpressionLimits.ListLengthMax)
            {
                faults.Invalid(current.Position, $"a list has more than {ExpressionLimits.ListLengthMax} elements");
                return null;
            }

            if (Expression(OrPower) is not { } item)
            {
                return null;
            }

            items.Add(item);
            if (current.Kind != TokenKind.Comma)
            {
                break;
            }

            if (!Advance())
            {
                return null;
            }
        }

        return Take(close, expected) ? items.ToImmutable() : null;
    }

    /// <summary>A field, a path into one, a call, or one of the words of timestamps.</summary>
    private SyntaxNode? Name()
    {
        var token = current;
        if (!Advance())
        {
            return null;
        }

        if (IsWord(token, "iso") && current.Kind == TokenKind.Text)
        {
            faults.Unimplemented(token.Position, "ISO");
            return null;
        }

        if (current.Kind == TokenKind.LeftParenthesis)
        {
            return Call(token);
        }

        var path = ImmutableArray.CreateBuilder<PathStep>();
        while (current.Kind == TokenKind.LeftBracket)
        {
            if (path.Count == ExpressionLimits.PathLengthMax)
            {
                faults.Invalid(current.Position, $"a path has more than {ExpressionLimits.PathLengthMax} steps");
                return null;
            }

            if (!Advance() || Step() is not { } step)
            {
                return null;
            }

            path.Add(step);
        }

        return new FieldSyntax(token.Position, token.Text!, path.ToImmutable());
    }

    private PathStep? Step()
    {
        var token = current;
        if (token.Kind is not (TokenKind.Text or TokenKind.Integer))
        {
            faults.Invalid(token.Position, "a path step is a quoted key or an index");
            return null;
        }

        if (token.Kind == TokenKind.Integer && token.Bits > int.MaxValue)
        {
            faults.Invalid(token.Position, $"an index is at most {int.MaxValue}");
            return null;
        }

        if (token.Kind == TokenKind.Text && token.Text!.Length == 0)
        {
            faults.Invalid(token.Position, "a key of a path is empty");
            return null;
        }

        if (!Advance() || !Take(TokenKind.RightBracket, "a closing ]"))
        {
            return null;
        }

        return token.Kind == TokenKind.Text
            ? new PathStep(token.Position, token.Text!, -1)
            : new PathStep(token.Position, token.Bits.ToString(System.Globalization.CultureInfo.InvariantCulture), (int)token.Bits);
    }

    private CallSyntax? Call(in Token name)
    {
#pragma warning disable CA1308 // The grammar's names are lower case; nothing is compared by culture.
        var lower = name.Text!.ToLowerInvariant();
#pragma warning restore CA1308
        if (UnimplementedCalls.Contains(lower))
        {
            faults.Unimplemented(name.Position, lower);
            return null;
        }

        return Advance() && Items(TokenKind.RightParenthesis, "a comma or a closing )") is { } arguments ? new CallSyntax(name.Position, lower, arguments) : null;
    }

    private static readonly ImmutableHashSet<string> UnimplementedCalls =
    [
        "text_match", "phrase_match", "st_equals", "st_touches", "st_overlaps", "st_crosses", "st_contains", "st_intersects", "st_within", "st_dwithin",
    ];
}
