using Elanus.Primitives;

namespace Elanus.Expressions.Tests;

/// <summary>What a plan says about the keys that it can match.</summary>
public class KeyTests
{
    [Theory]
    [InlineData("id == 5", "5", true)]
    [InlineData("5 == id", "5", true)]
    [InlineData("id in [3, 1, 2, 3]", "1 2 3", true)]
    [InlineData("id in [3.0, 1.5]", "3", true)]
    [InlineData("id in []", "", true)]
    [InlineData("id == 1 or id in [2, 3]", "1 2 3", true)]
    [InlineData("id in [1, 2] and id in [2, 3]", "2", false)]
    [InlineData("id == 1 and a > 5", "1", false)]
    [InlineData("a > 5 and (id == 1 or id == 2)", "1 2", false)]
    [InlineData("id == 1 and random_sample(0.5)", "1", false)]
    [InlineData("(id == 1 and a == 1) or id == 3", "1 3", false)]
    [InlineData("not (id != 5)", null, false)]
    [InlineData("id == 1 or a == 1", null, false)]
    [InlineData("id != 1", null, false)]
    [InlineData("id not in [1]", null, false)]
    [InlineData("id > 1", null, false)]
    [InlineData("id + 1 == 5", null, false)]
    [InlineData("a == 1", null, false)]
    [InlineData("", null, false)]
    [InlineData("false", "", true)]
    [InlineData("id == 1.5", "", true)]
    public void Of_an_integer_primary_key(string expression, string? keys, bool exact)
    {
        var constraint = Filters.Plan(expression).KeysOf(TestSchema.Id("id"));

        Assert.Equal(keys, constraint is null ? null : string.Join(' ', constraint.Values.Select(v => v.Integer).Order()));
        Assert.Equal(exact, constraint?.IsExact ?? false);
        Assert.All(constraint?.Values ?? [], v => Assert.Equal(DataType.Int64, v.Type));
    }

    [Theory]
    [InlineData("k == 'x'", "x", true)]
    [InlineData("k in ['x', \"y\", 'x']", "x y", true)]
    [InlineData("(k == 'x' or k == 'y') and a > 5", "x y", false)]
    [InlineData("k == 'x' and s == 'y'", "x", false)]
    [InlineData("k like 'x'", null, false)]
    [InlineData("k > 'x'", null, false)]
    [InlineData("k != 'x'", null, false)]
    [InlineData("k == s", null, false)]
    public void Of_a_text_partition_key(string expression, string? keys, bool exact)
    {
        var constraint = Filters.Plan(expression).KeysOf(TestSchema.Id("k"));

        Assert.Equal(keys, constraint is null ? null : string.Join(' ', constraint.Values.Select(v => v.Text).Order(StringComparer.Ordinal)));
        Assert.Equal(exact, constraint?.IsExact ?? false);
    }

    [Fact]
    public void Ten_thousand_keys_come_back_as_they_were_given()
    {
        var constraint = Filters.Plan($"id in [{string.Join(',', Enumerable.Range(-5000, 10_000))}]").KeysOf(TestSchema.Id("id"));

        Assert.Equal(Enumerable.Range(-5000, 10_000).Select(i => (long)i), constraint!.Values.Select(v => v.Integer));
    }

    [Theory]
    [InlineData("", true, false)]
    [InlineData("true", true, false)]
    [InlineData("1 < 2 or a == 1", true, false)]
    [InlineData("a is not null", true, false)]
    [InlineData("n is not null", false, false)]
    [InlineData("i8 < 1000", true, false)]
    [InlineData("a not in []", true, false)]
    [InlineData("n not in []", false, false)]
    [InlineData("random_sample(0.5)", false, false)]
    [InlineData("i8 > 1000", false, true)]
    [InlineData("a == 1 and false", false, true)]
    [InlineData("n is null and 1 == 2", false, true)]
    [InlineData("a == 1", false, false)]
    public void A_plan_that_always_or_never_matches_says_so(string expression, bool always, bool never)
    {
        var plan = Filters.Plan(expression);

        Assert.Equal((always, never), (plan.AlwaysMatches, plan.NeverMatches));
    }

    [Fact]
    public void A_plan_names_the_fields_it_reads_and_no_others()
    {
        Assert.Equal(
            new[] { "a", "n", "s", "meta", "ints", "$meta" }.Select(TestSchema.Id).OrderBy(f => f.Value),
            Filters.Plan("(a + n > 5 or s like 'x%') and json_contains(meta['x'], 1) and array_length(ints) > 1 and color == 'red' and (id == 1 or true)").Fields);
        Assert.Empty(Filters.Plan("").Fields);
    }
}
