using Elanus.Primitives;

namespace Elanus.Cli;

/// <summary>The active's process is killed again and again; its supervisor brings it back as a standby.</summary>
internal static class KillRow
{
    private const double MedianMaxMs = 150;
    private const double P99MaxMs = 500;

    public static async Task<Result<IReadOnlyList<Figure>>> Measure(FailoverGround ground, FailoverCounts counts, CancellationToken cancel)
    {
        if (!(await ground.Gaps("kill", counts.Kills, active => Signals.Send(active.Pid, Signals.Kill), mend: null, others: null, cancel)).TryGet(out var gaps, out var failure))
        {
            return failure;
        }

        var detail = Percentiles.Text(gaps);
        return Result<IReadOnlyList<Figure>>.Ok(
        [
            new("process killed: gap p50, ms", detail, Percentiles.Of(gaps, 50), MedianMaxMs, AtMost: true),
            new("process killed: gap p99, ms", detail, Percentiles.Of(gaps, 99), P99MaxMs, AtMost: true),
        ]);
    }
}
