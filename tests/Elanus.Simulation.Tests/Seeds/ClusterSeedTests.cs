namespace Elanus.Simulation.Tests;

public sealed class ClusterSeedTests
{
    /// <summary>Seeds that every run of the tests goes through; `elanus simulate --nodes 3 --seeds A..B` goes on from there.</summary>
    private const ulong Last = 1_000;

    private static readonly SimulationOptions ThreeNodes = new() { Nodes = 3 };

    [Fact]
    public void Three_nodes_and_an_arbiter_hold_every_check()
    {
        var range = new SeedRange(1, Last, Environment.ProcessorCount, ThreeNodes);
        range.Run(CancellationToken.None);
        Assert.True(range.FirstFailed is null, range.FirstFailed?.Line);
        Assert.Equal((long)Last, range.Done);
        Assert.Equal(10, range.Repeated);
    }

    /// <summary>docs/track-record.md says what each of them found.</summary>
    [Theory]
    [InlineData(2)]
    [InlineData(44)]
    [InlineData(102)]
    [InlineData(185)]
    [InlineData(257)]
    [InlineData(471)]
    [InlineData(10312)]
    [InlineData(22682)]
    [InlineData(2_010_752)]
    public void A_seed_that_once_failed_holds(ulong seed)
    {
        var outcome = SeedRun.Of(seed, ThreeNodes);
        Assert.True(outcome.Held, outcome.Line);
    }

    /// <summary>docs/track-record.md says what each of them found.</summary>
    [Theory]
    [InlineData(8)]
    [InlineData(2698)]
    [InlineData(3376)]
    [InlineData(1_000_818)]
    [InlineData(1_001_058)]
    [InlineData(1_050_678)]
    [InlineData(1_051_818)]
    [InlineData(2_005_116)]
    [InlineData(6_097_978)]
    [InlineData(7_660_646)]
    public void A_seed_with_a_forced_promotion_that_once_failed_holds(ulong seed)
    {
        var outcome = SeedRun.Of(seed, ThreeNodes);
        Assert.True(outcome.Held, outcome.Line);
    }

    /// <summary>docs/track-record.md says what each of them found, with these faults.</summary>
    [Theory]
    [InlineData(1118, FaultKind.SlowDisk, ClusterFaultKind.AllLosePower)]
    [InlineData(1224, FaultKind.Stop, ClusterFaultKind.ArbiterLosesMessages)]
    [InlineData(1324, FaultKind.FailedSync, ClusterFaultKind.SlowNetwork)]
    public void A_seed_with_damage_that_once_failed_holds(ulong seed, FaultKind fault, ClusterFaultKind way)
    {
        var outcome = SeedRun.Of(seed, ThreeNodes with { Faults = [fault], ClusterFaults = [ClusterFaultKind.DamagedFile, way] });
        Assert.True(outcome.Held, outcome.Line);
    }

    [Fact]
    public void Bits_that_flip_after_a_crash_on_one_node_of_three_cost_nothing_that_was_acknowledged()
    {
        var damaged = 0;
        for (var seed = 1UL; seed <= 12; seed++)
        {
            var run = SeedRun.Of(seed, ThreeNodes with
            {
                Faults = seed % 2 == 0 ? [] : [FaultKind.Kill, FaultKind.FullDisk],
                ClusterFaults = seed % 3 == 0 ? [ClusterFaultKind.DamagedFile] : [ClusterFaultKind.DamagedFile, ClusterFaultKind.AllLosePower, ClusterFaultKind.ArbiterIsSlow, ClusterFaultKind.Switchover],
                Listener = line => damaged += line.Contains("the next start is a new member's", StringComparison.Ordinal) ? 1 : 0,
            });
            Assert.True(run.Held, run.Line);
        }

        Assert.True(damaged >= 6, $"{damaged} members were given up: the bits hit nothing");
    }

    [Fact]
    public void An_arbiter_that_is_restored_from_older_data_lets_nobody_claim_who_lacks_what_was_acknowledged()
    {
        var (forgot, remembered) = (0, 0);
        for (var seed = 1UL; seed <= 12; seed++)
        {
            var run = SeedRun.Of(seed, ThreeNodes with
            {
                Faults = seed % 2 == 0 ? [] : [FaultKind.Kill, FaultKind.LosePower],
                ClusterFaults = [ClusterFaultKind.ArbiterForgets, ClusterFaultKind.Switchover, ClusterFaultKind.Isolate, ClusterFaultKind.CutBothWays],
                Listener = line =>
                {
                    forgot += line.Contains("the arbiter is restored from", StringComparison.Ordinal) ? 1 : 0;
                    remembered += line.Contains("the arbiter has", StringComparison.Ordinal) && line.EndsWith("again", StringComparison.Ordinal) ? 1 : 0;
                },
            });
            Assert.True(run.Held, run.Line);
        }

        Assert.True(forgot >= 12 && remembered >= 12, $"the arbiter forgot {forgot} times, and remembered {remembered} times");
    }

    [Fact]
    public void What_a_forced_promotion_drops_of_what_was_acknowledged_is_kept_by_those_who_had_it()
    {
        var (forced, left) = (0, 0);
        for (var seed = 1UL; seed <= 10; seed++)
        {
            var run = SeedRun.Of(seed, ThreeNodes with
            {
                Faults = seed % 2 == 0 ? [] : [FaultKind.Kill],
                ClusterFaults = [ClusterFaultKind.ForcedPromotion, ClusterFaultKind.SlowNetwork],
                Listener = line =>
                {
                    forced += line.Contains("are known to be there", StringComparison.Ordinal) ? 1 : 0;
                    left += line.Contains("were dropped by", StringComparison.Ordinal) && !line.Contains(" 0 acknowledged writes were dropped", StringComparison.Ordinal) ? 1 : 0;
                },
            });
            Assert.True(run.Held, run.Line);
        }

        Assert.True(forced >= 5 && left >= 1, $"{forced} promotions were forced, and {left} runs dropped something by it");
    }

    [Fact]
    public void Standbys_answer_reads_of_their_own_state()
    {
        var answered = 0;
        foreach (var seed in (ulong[])[3, 6, 9, 10])
        {
            var run = SeedRun.Of(seed, ThreeNodes with { Listener = line => answered += line.EndsWith("answers a read of its own state: Answered", StringComparison.Ordinal) ? 1 : 0 });
            Assert.True(run.Held, run.Line);
        }

        Assert.True(answered >= 40, $"{answered} reads were answered by standbys");
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
