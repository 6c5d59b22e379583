namespace Elanus.Simulation.Tests;

/// <summary>The checks can fail: each bug, put into the node on purpose, is found within a few seeds.</summary>
public sealed class FoundBugTests
{
    private const int SeedsMost = 30;

    [Theory]
    [InlineData(LogBug.AppliesBeyondCommit, "")]
    [InlineData(LogBug.DropsDeletes, "")]
    [InlineData(LogBug.LosesUsers, "state hash")]
    [InlineData(LogBug.ServesFlippedBits, "")]
    [InlineData(LogBug.ForgetsWrites, "does not stand in the log")]
    [InlineData(LogBug.WritesTwice, "stands in the log twice")]
    [InlineData(LogBug.RefusesWhatItWrote, "and stands in the log at")]
    [InlineData(LogBug.ConfirmsOldPositions, "at no position from")]
    [InlineData(LogBug.Hangs, "the node does not")]
    public void A_bug_between_roles_and_log_is_found(LogBug bug, string sentence)
    {
        var found = First(new() { AroundLog = log => new BuggyLog(log, bug), Faults = bug == LogBug.Hangs ? [] : null });
        Assert.Contains(sentence, found, StringComparison.Ordinal);
    }

    [Fact]
    public void A_standby_that_answers_reads_sooner_than_it_may_is_found() =>
        Assert.Contains("at no position from", First(new() { Nodes = 3, AroundLog = log => new BuggyLog(log, LogBug.PromisesUnheard) }), StringComparison.Ordinal);

    [Fact]
    public void Acknowledging_before_it_is_durable_is_found() =>
        Assert.NotEmpty(First(new() { Syncs = SyncFate.Lost, Faults = [FaultKind.LosePower] }));

    [Fact]
    public void A_run_that_is_not_the_same_twice_is_found()
    {
        var logs = 0;
        var range = new SeedRange(100, 100, 1, new() { AroundLog = log => ++logs <= 2 ? log : new BuggyLog(log, LogBug.WritesTwice), Faults = [] });
        range.Run(CancellationToken.None);
        Assert.Contains("gave two traces", range.FirstFailed?.Violation, StringComparison.Ordinal);
    }

    private static string First(SimulationOptions options)
    {
        for (var seed = 1ul; seed <= SeedsMost; seed++)
        {
            if (SeedRun.Of(seed, options).Violation is { } violation)
            {
                return violation;
            }
        }

        Assert.Fail($"no check failed in {SeedsMost} seeds");
        return "";
    }
}
