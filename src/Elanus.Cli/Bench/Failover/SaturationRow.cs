using System.Globalization;
using Elanus.Primitives;
using Elanus.Server.Operations.Protocol;
using Spectre.Console;

namespace Elanus.Cli;

/// <summary>Every core has a process that does nothing but use it, while clients write and read: nobody may be suspected for that.</summary>
internal static class SaturationRow
{
    private static readonly TimeSpan Look = TimeSpan.FromSeconds(10);

    /// <summary>A gap from here on is looked into: what the nodes said is shown.</summary>
    private static readonly TimeSpan Long = TimeSpan.FromMilliseconds(500);

    public static async Task<Result<IReadOnlyList<Figure>>> Measure(FailoverGround ground, FailoverCounts counts, CancellationToken cancel)
    {
        var failovers = 0UL;
        var longest = 0.0;
        var failed = await ground.WithPair(
            FailoverCounts.FewRows,
            async (pair, client, active) =>
            {
                var load = new List<LocalProcess>();
                try
                {
                    for (var core = 0; core < Environment.ProcessorCount; core++)
                    {
                        if (!LocalProcess.Start("sh", ["-c", "while :; do :; done"]).TryGet(out var loop, out var missing))
                        {
                            return missing;
                        }

                        load.Add(loop);
                    }

                    _ = client.TakeLongestGap();
                    var gap = TimeSpan.Zero;
                    var started = ground.Time.GetTimestamp();
                    var epoch = active.Epoch;
                    while (ground.Time.GetElapsedTime(started) < counts.Saturated)
                    {
                        var left = counts.Saturated - ground.Time.GetElapsedTime(started);
                        await Task.Delay(left < Look ? left : Look, ground.Time, cancel);
                        ground.Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"saturated for {ground.Time.GetElapsedTime(started).TotalSeconds:0} of {counts.Saturated.TotalSeconds:0} s"));
                        var seen = await Task.WhenAll(pair.Nodes.Select(node => node.Status(cancel)));
                        var last = client.TakeLongestGap();
                        gap = last > gap ? last : gap;
                        var replaced = seen.OfType<NodeStatus>().MaxBy(status => status.Epoch) is { } now && now.Epoch > epoch ? now : null;
                        epoch = replaced?.Epoch ?? epoch;
                        if (replaced is not null || last >= Long)
                        {
                            ground.Console.WriteLine(string.Create(
                                CultureInfo.InvariantCulture,
                                $"{(replaced is null ? "" : $"a failover, since {replaced.Failovers.FirstOrDefault()?.Why}; ")}{last.TotalMilliseconds:0} ms without an acknowledgement, the longest Strong read {client.Strong.Longest.TotalMilliseconds:0} ms, attempts that failed {client.Writer.FailedAttempts} {client.Writer.LastFailure}"));
                            pair.Nodes.ToList().ForEach(node => ground.Console.WriteLine($"{node.Address} said: {node.Said}"));
                        }
                    }

                    longest = gap.TotalMilliseconds;
                }
                finally
                {
                    load.ForEach(loop => loop.Dispose());
                }

                if (!(await pair.Whole(cancel)).TryGet(out var after, out var failure))
                {
                    return failure;
                }

                failovers = after.Epoch - active.Epoch;
                return null;
            },
            cancel);
        return failed is not null
            ? failed
            : Result<IReadOnlyList<Figure>>.Ok(
            [
                new(
                    string.Create(CultureInfo.InvariantCulture, $"false failovers with both cores saturated for {counts.Saturated.TotalSeconds:0} s"),
                    string.Create(CultureInfo.InvariantCulture, $"longest time without an acknowledgement {longest:0} ms"),
                    failovers,
                    0,
                    AtMost: true),
            ]);
    }
}
