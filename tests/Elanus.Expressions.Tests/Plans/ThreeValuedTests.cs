namespace Elanus.Expressions.Tests;

/// <summary>Kleene's tables, with a nullable Bool that is true, false and null.</summary>
public class ThreeValuedTests
{
    private static readonly TestRows Rows = new([.. new bool?[] { true, false, null }.Select(b => new Dictionary<string, object?> { ["flag2"] = b, ["ts"] = null })]);

    [Theory]
    [InlineData("P", "T F U")]
    [InlineData("not P", "F T U")]
    [InlineData("P and true", "T F U")]
    [InlineData("P and false", "F F F")]
    [InlineData("P or true", "T T T")]
    [InlineData("P or false", "T F U")]
    [InlineData("P and P", "T F U")]
    [InlineData("P or not P", "T T U")]
    [InlineData("P and not P", "F F U")]
    [InlineData("P and U", "U F U")]
    [InlineData("P or U", "T U U")]
    [InlineData("U and P", "U F U")]
    [InlineData("U or P", "T U U")]
    [InlineData("not U", "U U U")]
    [InlineData("not (P and U)", "U T U")]
    [InlineData("not (P or U)", "F U U")]
    [InlineData("P or U or true", "T T T")]
    [InlineData("(P or U) and (not P or U)", "U U U")]
    public void Answers_follow_the_tables(string expression, string expected)
    {
        var condition = expression.Replace("P", "(flag2 == true)", StringComparison.Ordinal).Replace("U", "(n == 1)", StringComparison.Ordinal);
        var isTrue = Filters.Plan(condition).Matches(Rows);
        var isFalse = Filters.Plan($"not ({condition})").Matches(Rows);

        Assert.Equal(expected, string.Join(' ', Enumerable.Range(0, 3).Select(row => isTrue.Contains(row) ? "T" : isFalse.Contains(row) ? "F" : "U")));
        Assert.Empty(isTrue.Intersect(isFalse));
    }
}
