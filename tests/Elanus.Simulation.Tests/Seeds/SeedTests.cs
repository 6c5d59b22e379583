namespace Elanus.Simulation.Tests;

public sealed class SeedTests
{
    /// <summary>Seeds that every run of the tests goes through.</summary>
    private const ulong Last = 1_000;

    [Fact]
    public void A_thousand_seeds_hold_every_check()
    {
        var range = new SeedRange(1, Last, Environment.ProcessorCount, new());
        range.Run(CancellationToken.None);
        Assert.True(range.FirstFailed is null, range.FirstFailed?.Line);
        Assert.Equal((long)Last, range.Done);
        Assert.Equal(10, range.Repeated);
    }

    /// <summary>docs/track-record.md says what each of them found.</summary>
    [Theory]
    [InlineData(9)]
    [InlineData(11)]
    [InlineData(27)]
    [InlineData(164)]
    [InlineData(395)]
    [InlineData(471)]
    public void A_seed_that_once_failed_holds(ulong seed)
    {
        var outcome = SeedRun.Of(seed);
        Assert.True(outcome.Held, outcome.Line);
    }

    [Fact]
    public void The_same_seed_gives_the_same_line_and_another_another()
    {
        var first = SeedRun.Of(3);
        Assert.Equal(first.Line, SeedRun.Of(3).Line);
        Assert.NotEqual(first.TraceHash, SeedRun.Of(4).TraceHash);
    }

    [Fact]
    public void A_seed_has_operations_faults_restarts_and_comparisons()
    {
        var runs = Enumerable.Range(10, 10).Select(seed => SeedRun.Of((ulong)seed)).ToList();
        Assert.All(runs, run => Assert.InRange(run.Operations, 500, 3_000));
        Assert.True(runs.Sum(run => run.Faults) > 20);
        Assert.True(runs.Sum(run => run.Starts) > 30);
        Assert.All(runs, run => Assert.True(run.Compared > 3));
    }
}
