using System.Globalization;
using Elanus.Primitives;
using Spectre.Console;

namespace Elanus.Cli;

/// <summary>The active is asked to hand over, again and again.</summary>
internal static class SwitchoverRow
{
    private const double GapMaxMs = 100;

    public static async Task<Result<IReadOnlyList<Figure>>> Measure(FailoverGround ground, FailoverCounts counts, CancellationToken cancel)
    {
        var gaps = new List<double>();
        var refused = 0;
        var why = "";
        var failed = await ground.WithPair(
            FailoverCounts.FewRows,
            async (pair, client, active) =>
            {
                var (writes, reads) = (client.Writer.FailedAttempts, client.Reader.FailedAttempts);
                for (var i = 1; i <= counts.Switchovers; i++)
                {
                    string? no = null;
                    var done = await ground.Failover(pair, client, active, async () => no = await pair.At(active.Address).Switchover(cancel), mend: null, cancel);
                    if (!done.TryGet(out var after, out var failure))
                    {
                        return no is null ? failure : new(FailureCode.Unavailable, $"the switchover was refused: {no}");
                    }

                    active = after.Active;
                    gaps.Add(after.GapMs);
                    ground.Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"switchover {i} of {counts.Switchovers}: gap {after.GapMs:0} ms, then epoch {active.Epoch}: {active.Takeover}"));
                }

                (writes, reads) = (client.Writer.FailedAttempts - writes, client.Reader.FailedAttempts - reads);
                refused = writes + reads;
                why = refused > 0 ? $", {reads} of them reads; the last: {(writes > 0 ? client.Writer : client.Reader).LastFailure}" : "";
                return null;
            },
            cancel);
        return failed is not null
            ? failed
            : Result<IReadOnlyList<Figure>>.Ok(
            [
                new("planned switchover: longest gap, ms", Percentiles.Text(gaps), Percentiles.Of(gaps, 100), GapMaxMs, AtMost: true),
                new("planned switchover: failed requests", $"{refused}{why}", refused, 0, AtMost: true),
            ]);
    }
}
