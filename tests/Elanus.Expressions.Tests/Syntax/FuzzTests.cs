using System.Text.RegularExpressions;
using Elanus.Primitives;
using FsCheck;
using FsCheck.Fluent;

namespace Elanus.Expressions.Tests;

public partial class FuzzTests
{
    private const int Texts = 10_000;

    private static readonly string[] Pieces =
    [
        "a", "n", "s", "meta", "$meta", "ints", "flag", "x", "vec", "ts", "[\"k\"]", "[0]", "(", ")", "[", "]", "{t}", "{", "}", ",", "==", "!=", "<", "<=", ">", ">=", "+", "-", "*", "/", "%", "**",
        "<<", "&", "|", "^", "~", "and", "or", "not", "!", "&&", "||", "in", "not in", "like", "is null", "is not null", "exists", "1", "-5", "2.5", "0x1F", "1e3", "99999999999999999999", "\"text\"",
        "'a\\n'", "\"", "\\", "true", "False", "json_contains(", "array_length(", "random_sample(0.5)", "text_match(s, 'x')", "ISO '2025'", "interval", "中", "😀", "\ud800", "\0", "#", "=", ";",
    ];

    private static readonly Dictionary<string, Literal> Templates = new() { ["t"] = Literal.Of(5) };

    [Fact]
    public void Random_strings_never_throw()
    {
        var pieces = from count in Gen.Choose(0, 14) from chosen in Gen.Elements(Pieces).ArrayOf(count) from joint in Gen.Elements(" ", "") select string.Join(joint, chosen);
        var characters = from count in Gen.Choose(0, 30) from chosen in Gen.Choose(0, 0x2FF).Select(c => (char)c).ArrayOf(count) select new string(chosen);
        Check(Gen.Frequency((4, pieces), (1, characters)), Texts);
    }

    [Fact]
    public void Mutated_expressions_never_throw()
    {
        var mutated =
            from expression in Generators.Expression(2)
            from cuts in (from at in Gen.Choose(0, 10_000) from length in Gen.Choose(0, 3) from piece in Gen.OneOf(Gen.Constant(""), Gen.Elements(Pieces)) select (at, length, piece)).ArrayOf(2)
            select cuts.Aggregate(expression.Render(), (text, cut) =>
            {
                var at = cut.at % (text.Length + 1);
                return text[..at] + cut.piece + text[Math.Min(text.Length, at + cut.length)..];
            });
        Check(mutated, Texts);
    }

    private static void Check(Gen<string> texts, int count)
    {
        var rows = Generators.Rows(3).Sample(1, 20).First();
        Prop.ForAll(texts.ToArbitrary(), text =>
        {
            var result = ExpressionCompiler.Compile(text, TestSchema.WithDynamic, Templates);
            if (result.Failure is not { } fault)
            {
                result.Value.Matches(rows);
                return;
            }

            Assert.Contains(fault.Code, new[] { FailureCode.InvalidParameter, FailureCode.Unimplemented });
            var column = Column().Match(fault.Sentence);
            Assert.True(column.Success, fault.Sentence);
            Assert.InRange(int.Parse(column.Groups[1].ValueSpan, null), 1, text.Length + 1);
        }).Check(Config.QuickThrowOnFailure.WithMaxTest(count).WithQuietOnSuccess(true));
    }

    [GeneratedRegex(" at column ([0-9]+)$")]
    private static partial Regex Column();
}
