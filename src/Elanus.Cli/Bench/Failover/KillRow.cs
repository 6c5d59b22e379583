using System.Globalization;
using Elanus.Primitives;
using Spectre.Console;

namespace Elanus.Cli;

/// <summary>The active's process is killed again and again; its supervisor brings it back as a standby.</summary>
internal static class KillRow
{
    private const double MedianMaxMs = 150;
    private const double P99MaxMs = 500;

    public static async Task<Result<IReadOnlyList<Figure>>> Measure(FailoverGround ground, FailoverCounts counts, CancellationToken cancel)
    {
        var gaps = new List<double>();
        var failed = await ground.WithPair(
            FailoverCounts.FewRows,
            async (pair, client, active) =>
            {
                for (var kill = 1; kill <= counts.Kills; kill++)
                {
                    var done = await ground.Failover(
                        pair,
                        client,
                        active,
                        () =>
                        {
                            Signals.Send(active.Pid, Signals.Kill);
                            return Task.CompletedTask;
                        },
                        mend: null,
                        cancel);
                    if (!done.TryGet(out var after, out var failure))
                    {
                        return failure;
                    }

                    active = after.Active;
                    gaps.Add(after.GapMs);
                    ground.Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"kill {kill} of {counts.Kills}: gap {after.GapMs:0} ms, then epoch {active.Epoch}"));
                }

                return null;
            },
            cancel);
        if (failed is not null)
        {
            return failed;
        }

        var detail = Percentiles.Text(gaps);
        return Result<IReadOnlyList<Figure>>.Ok(
        [
            new("process killed: gap p50, ms", detail, Percentiles.Of(gaps, 50), MedianMaxMs, AtMost: true),
            new("process killed: gap p99, ms", detail, Percentiles.Of(gaps, 99), P99MaxMs, AtMost: true),
        ]);
    }
}
