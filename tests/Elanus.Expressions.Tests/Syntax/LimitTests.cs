using System.Globalization;
using System.Text;
using Elanus.Primitives;

namespace Elanus.Expressions.Tests;

public class LimitTests
{
    [Theory]
    [InlineData("(", "a == 1", ")")]
    [InlineData("not (", "a == 1", ")")]
    [InlineData("!", "(a == 1)", "")]
    [InlineData("- ", "a == 1", "")]
    [InlineData("id == 1 or (", "a == 1", ")")]
    [InlineData("[", "", "]")]
    public void Nesting_ends_at_its_bound_and_not_in_the_stack(string open, string inner, string close)
    {
        foreach (var depth in new[] { ExpressionLimits.NestingMax + 5, 100_000 })
        {
            var text = string.Concat(Enumerable.Repeat(open, depth)) + inner + string.Concat(Enumerable.Repeat(close, depth));
            Assert.Contains("nests deeper than 200 levels at column ", Filters.Fault(text).Sentence, StringComparison.Ordinal);
        }
    }

    [Theory]
    [InlineData("a", " + 1", " == 1")]
    [InlineData("true", " == true", "")]
    [InlineData("2", " ** 1", " == a")]
    public void Operators_that_lean_on_one_another_count_as_nesting(string first, string more, string last)
    {
        var text = first + string.Concat(Enumerable.Repeat(more, 50_000)) + last;
        Assert.Contains("nests deeper than 200 levels", Filters.Fault(text).Sentence, StringComparison.Ordinal);
    }

    [Fact]
    public void Ninety_levels_are_fine()
    {
        var rows = new TestRows([new() { ["a"] = 1L }, new() { ["a"] = 2L }]);
        var text = string.Concat(Enumerable.Repeat("not (", 90)) + "a == 1" + new string(')', 90);

        Assert.Equal([0], Filters.Plan(text).Matches(rows));
    }

    [Theory]
    [InlineData(" or ", 7)]
    [InlineData(" and ", 0)]
    public void Chains_may_be_long(string joint, int expected)
    {
        var rows = new TestRows([.. Enumerable.Range(0, 10).Select(i => new Dictionary<string, object?> { ["a"] = (long)i * 1000 })]);
        var text = string.Join(joint, Enumerable.Range(0, 6500).Select(i => $"a == {i}"));

        Assert.Equal(expected, Filters.Plan(text).Matches(rows).Count);
    }

    [Theory]
    [InlineData(10_000)]
    [InlineData(60_000)]
    public void Lists_may_be_long(int length)
    {
        var rows = new TestRows([.. Enumerable.Range(0, 300).Select(i => new Dictionary<string, object?>
        {
            ["id"] = (long)i,
            ["a"] = i * 7919L % 1_000_003 - 1000,
            ["s"] = $"text {i * 31}",
            ["d"] = i * 0.25,
            ["$meta"] = $$"""{"x": {{i * 3}}}""",
        })]);
        var numbers = Enumerable.Range(0, length).Select(i => (i * 613L - 20_000).ToString(CultureInfo.InvariantCulture)).ToList();
        var texts = Enumerable.Range(0, length).Select(i => $"\"text {i * 62}\"");
        var set = numbers.Select(n => long.Parse(n, CultureInfo.InvariantCulture)).ToHashSet();

        Assert.Equal(Where(r => set.Contains((long)r["a"]!)), Filters.Plan($"a in [{string.Join(',', numbers)}]").Matches(rows));
        Assert.Equal(Where(r => !set.Contains((long)r["a"]!)), Filters.Plan($"a not in [{string.Join(',', numbers)}]").Matches(rows));
        Assert.Equal(Where(r => set.Contains((long)((double)r["d"]! * 4)) && (double)r["d"]! % 1 == 0 && set.Contains((long)(double)r["d"]!)), Filters.Plan($"d in [{string.Join(',', numbers)}] and (d * 4) in [{string.Join(',', numbers)}]").Matches(rows));
        Assert.Equal(Where(r => (long)r["id"]! % 2 == 0), Filters.Plan($"s in [{string.Join(',', texts)}]").Matches(rows));
        Assert.Equal(Where(r => set.Contains((long)r["id"]! * 3)), Filters.Plan($"x in [{string.Join(',', numbers)}]").Matches(rows));

        IEnumerable<int> Where(Func<Dictionary<string, object?>, bool> match) => Enumerable.Range(0, rows.Rows).Where(i => match(rows.Values[i]));
    }

    [Fact]
    public void A_list_beyond_its_bound_is_a_fault()
    {
        var text = new StringBuilder("a in [");
        text.Insert(text.Length, "1,", ExpressionLimits.ListLengthMax + 1).Append("1]");

        Assert.Contains("more than 1000000 elements at column ", Filters.Fault(text.ToString()).Sentence, StringComparison.Ordinal);
    }

    [Fact]
    public void A_text_beyond_its_bound_is_a_fault_that_does_not_quote_it()
    {
        var fault = Filters.Fault("a == 1" + new string(' ', ExpressionLimits.TextLengthMax));

        Assert.Equal(FailureCode.InvalidParameter, fault.Code);
        Assert.True(fault.Sentence.Length < 500);
    }

    [Fact]
    public void A_long_expression_is_quoted_in_part()
    {
        var fault = Filters.Fault($"a in [{string.Join(',', Enumerable.Range(0, 10_000))}] and");

        Assert.True(fault.Sentence.Length < 500, fault.Sentence);
        Assert.Contains("the expression ends at column ", fault.Sentence, StringComparison.Ordinal);
    }

    [Fact]
    public void Lists_and_paths_have_bounds_of_depth_and_length_too()
    {
        Assert.Contains("lists nest deeper than 16", Filters.Fault($"meta['x'] == {new string('[', 20)}1{new string(']', 20)}").Sentence, StringComparison.Ordinal);
        Assert.Contains("a path has more than 64 steps", Filters.Fault($"meta{string.Concat(Enumerable.Repeat("['x']", 65))} == 1").Sentence, StringComparison.Ordinal);
    }
}
