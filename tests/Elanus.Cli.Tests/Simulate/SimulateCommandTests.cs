using Elanus.Primitives;
using Elanus.Simulation;

namespace Elanus.Cli.Tests;

public sealed class SimulateCommandTests
{
    /// <summary>A seed that fails where every fsync is a lie: a start finds what was committed gone.</summary>
    private static readonly SimulationOptions LyingDisk = new() { Syncs = SyncFate.Lost, Faults = [FaultKind.LosePower] };

    [Theory]
    [InlineData(1, "./elanus simulate --seed 5")]
    [InlineData(3, "./elanus simulate --nodes 3 --seed 5")]
    public void The_last_line_of_a_failure_says_how_to_repeat_it_and_is_the_same_each_time(int nodes, string command)
    {
        var options = LyingDisk with { Nodes = nodes, ClusterFaults = [ClusterFaultKind.AllLosePower] };
        var line = LastLine(5, options, out var code);
        Assert.Equal(1, code);
        Assert.Matches($"^seed 5: VIOLATION: .+; trace [0-9a-f]{{16}}; again: {command}$", line);
        Assert.Equal(line, LastLine(5, options, out _));
    }

    [Fact]
    public void The_last_line_of_a_seed_that_holds_is_its_outcome()
    {
        var line = LastLine(7, new(), out var code);
        Assert.Equal((0, SeedRun.Of(7).Line), (code, line));
    }

    [Fact]
    public void Where_the_code_was_at_a_violation_is_not_part_of_its_line()
    {
        var outcome = new SeedOutcome(1, "a\r\nb\nc", 2, 0, 0, 0, 0, 0, 0, 0);
        Assert.Equal("seed 1: VIOLATION: a; trace 0000000000000002", outcome.Line);
        Assert.Equal(["b", "c"], outcome.Details);
    }

    [Theory]
    [InlineData(0, ulong.MaxValue)]
    [InlineData(1, ulong.MaxValue)]
    public void All_seeds_that_there_are_get_every_core(ulong first, ulong last) => Assert.Equal(Environment.ProcessorCount, SimulatedSeeds.Workers(first, last));

    [Fact]
    public void One_seed_gets_one_core() => Assert.Equal(1, SimulatedSeeds.Workers(9, 9));

    private static string LastLine(ulong seed, SimulationOptions options, out int code)
    {
        using var output = new StringWriter { NewLine = "\n" };
        code = SimulateCommand.One(seed, output, options);
        return output.ToString().TrimEnd('\n').Split('\n')[^1];
    }
}
