using System.Globalization;
using Elanus.Primitives;

namespace Elanus.Cli;

/// <summary>What <c>elanus healthz</c> takes of a member that serves, beyond what the program takes that only says its version; in turn.</summary>
internal static class HealthRow
{
    private const int Rounds = 15;
    private const double BeyondMaxMs = 100;

    /// <summary>Longer than healthz waits by itself: on a machine that is slow the figure is shown, not missing.</summary>
    private const string AnswerMaxMs = "10000";

    public static async Task<Result<IReadOnlyList<Figure>>> Measure(FailoverGround ground, FailoverCounts counts, CancellationToken cancel)
    {
        using var pair = ground.Start(2, clustered: true, []);
        if (!(await pair.Whole(cancel)).TryGet(out var active, out var failure))
        {
            return failure;
        }

        var healths = new List<double>();
        var starts = new List<double>();
        for (var round = 0; round <= Rounds; round++)
        {
            var start = await OwnProgram.Run(["--version"], ground.Time, cancel);
            var health = await OwnProgram.Run(["healthz", "--address", active.Address, "--role", "active", "--timeout", AnswerMaxMs], ground.Time, cancel);
            if (health.ExitCode != ExitCodes.Success)
            {
                return new Failure(FailureCode.Unavailable, $"healthz said {health.ExitCode} of {active.Address}, which is active");
            }

            starts.Add(start.Took.TotalMilliseconds);
            healths.Add(health.Took.TotalMilliseconds);
        }

        // The first round reads the program's files.
        var beyond = Figure.Median(healths.Skip(1).Zip(starts.Skip(1), (health, start) => health - start));
        return Result<IReadOnlyList<Figure>>.Ok(
        [
            new(
                "elanus healthz beyond the program's start, ms",
                string.Create(CultureInfo.InvariantCulture, $"{Rounds}: p50 {Figure.Median(healths.Skip(1)):0} ms in all, --version p50 {Figure.Median(starts.Skip(1)):0} ms"),
                beyond,
                BeyondMaxMs,
                AtMost: true),
        ]);
    }
}
