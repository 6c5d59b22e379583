namespace Elanus.Simulation.Tests;

public sealed class ClusterSeedTests
{
    /// <summary>Seeds that every run of the tests goes through; `elanus simulate --nodes 3 --seeds A..B` goes on from there.</summary>
    private const ulong Last = 400;

    private static readonly SimulationOptions ThreeNodes = new() { Nodes = 3 };

    [Fact]
    public void Three_nodes_and_an_arbiter_hold_every_check()
    {
        var range = new SeedRange(1, Last, Environment.ProcessorCount, ThreeNodes);
        range.Run(CancellationToken.None);
        Assert.True(range.FirstFailed is null, range.FirstFailed?.Line);
        Assert.Equal((long)Last, range.Done);
        Assert.Equal(4, range.Repeated);
    }

    /// <summary>docs/track-record.md says what each of them found.</summary>
    [Theory]
    [InlineData(2)]
    [InlineData(44)]
    [InlineData(102)]
    [InlineData(185)]
    [InlineData(471)]
    public void A_seed_that_once_failed_holds(ulong seed)
    {
        var outcome = SeedRun.Of(seed, ThreeNodes);
        Assert.True(outcome.Held, outcome.Line);
    }

    [Fact]
    public void The_same_seed_gives_the_same_line()
    {
        var first = SeedRun.Of(3, ThreeNodes);
        Assert.Equal(first.Line, SeedRun.Of(3, ThreeNodes).Line);
        Assert.NotEqual(first.TraceHash, SeedRun.Of(3).TraceHash);
    }

    [Fact]
    public void A_cluster_without_faults_answers_nearly_everything()
    {
        var run = SeedRun.Of(1, ThreeNodes with { Faults = [], ClusterFaults = [] });
        Assert.True(run.Held, run.Line);
        Assert.InRange(run.Operations, 500, 3_000);
        Assert.True(run.Unknown < run.Operations / 50, $"{run.Unknown} of {run.Operations} have an unknown outcome");
    }
}
