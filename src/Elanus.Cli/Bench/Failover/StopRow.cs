using Elanus.Primitives;

namespace Elanus.Cli;

/// <summary>The active's process is stopped, and goes on when another one serves: its connections stand all the while.</summary>
internal static class StopRow
{
    private const double P99MaxMs = 1200;

    public static async Task<Result<IReadOnlyList<Figure>>> Measure(FailoverGround ground, FailoverCounts counts, CancellationToken cancel)
    {
        var measured = await ground.Gaps("stop", counts.Cuts, active => Signals.Send(active.Pid, Signals.Stop), active => Signals.Send(active.Pid, Signals.Continue), others: null, cancel);
        return measured.TryGet(out var gaps, out var failure)
            ? Result<IReadOnlyList<Figure>>.Ok([new("process stopped: gap p99, ms", Percentiles.Text(gaps), Percentiles.Of(gaps, 99), P99MaxMs, AtMost: true)])
            : failure;
    }
}
