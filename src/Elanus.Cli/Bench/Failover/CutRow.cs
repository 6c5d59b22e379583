using Elanus.Primitives;

namespace Elanus.Cli;

/// <summary>The active's host is cut off from everything, and comes back when another one serves.</summary>
internal static class CutRow
{
    private const string Name = "host cut off: gap p99, ms";
    private const double P99MaxMs = 1200;

    public static async Task<Result<IReadOnlyList<Figure>>> Measure(FailoverGround ground, FailoverCounts counts, CancellationToken cancel)
    {
        if (ground.Hosts is not { } hosts)
        {
            return Result<IReadOnlyList<Figure>>.Ok([Figure.NotMeasured(Name, ground.WhyNoHosts)]);
        }

        var measured = await ground.Gaps("cut", counts.Cuts, active => hosts.Of(active.Address).Unplug(), active => hosts.Of(active.Address).Plug(), cancel);
        return measured.TryGet(out var gaps, out var failure)
            ? Result<IReadOnlyList<Figure>>.Ok([new(Name, Percentiles.Text(gaps), Percentiles.Of(gaps, 99), P99MaxMs, AtMost: true)])
            : failure;
    }
}
