using Elanus.Primitives;

namespace Elanus.Expressions.Tests;

public class SampleTests
{
    private static readonly TestRows Rows = new([.. Enumerable.Range(0, 1000).Select(i => new Dictionary<string, object?> { ["a"] = (long)i })]);

    [Theory]
    [InlineData("random_sample(0.1)", 100)]
    [InlineData("a < 500 and random_sample(0.1)", 50)]
    [InlineData("a >= 10 and a < 500 && RANDOM_SAMPLE(0.5)", 245)]
    [InlineData("a < 3 and random_sample(0.001)", 1)]
    [InlineData("a < 0 and random_sample(0.5)", 0)]
    [InlineData("random_sample(0.05 * 2)", 100)]
    public void Keeps_its_share_of_the_rows_that_match(string expression, int expected)
    {
        var plan = Filters.Plan(expression);
        var whole = Filters.Plan(expression.Replace("&&", "and", StringComparison.Ordinal).Split(" and ") is { Length: > 1 } parts ? string.Join(" and ", parts[..^1]) : "").Matches(Rows);
        var sample = plan.Matches(Rows, seed: 1);

        Assert.True(plan.IsSample);
        Assert.Equal(expected, sample.Count);
        Assert.Subset(whole.ToHashSet(), sample.ToHashSet());
    }

    [Fact]
    public void One_seed_gives_one_sample_and_another_seed_another()
    {
        var plan = Filters.Plan("random_sample(0.1)");

        Assert.Equal(plan.Matches(Rows, seed: 7), plan.Matches(Rows, seed: 7));
        Assert.NotEqual(plan.Matches(Rows, seed: 7), plan.Matches(Rows, seed: 8));
    }

    [Fact]
    public void Every_row_is_drawn_about_as_often()
    {
        var drawn = new int[Rows.Rows];
        var plan = Filters.Plan("random_sample(0.2)");
        for (ulong seed = 0; seed < 500; seed++)
        {
            foreach (var row in plan.Matches(Rows, seed))
            {
                drawn[row]++;
            }
        }

        // 100 expected, standard deviation 9: six of them either way.
        Assert.All(drawn, count => Assert.InRange(count, 46, 154));
    }

    [Fact]
    public void A_sample_is_drawn_from_the_candidates()
    {
        var candidates = new Bitset(Rows.Rows);
        for (var row = 0; row < 100; row++)
        {
            candidates[row * 10] = true;
        }

        Filters.Plan("random_sample(0.1)").EvaluateWithin(Rows, candidates, sampleSeed: 3);

        Assert.Equal(10, candidates.Count());
        Assert.All(Enumerable.Range(0, Rows.Rows).Where(r => candidates[r]), r => Assert.Equal(0, r % 10));
    }
}
