using Elanus.Primitives;
using Spectre.Console;

namespace Elanus.Cli;

/// <summary>What a client sees of a failover: real processes, a real etcd of three members, a client that holds a list of the nodes. One row a file beside this one.</summary>
internal static class FailoverBench
{
    private const int EtcdCount = 3;
    private const int NodeCount = 2;

    private static readonly (string Name, FailoverRow Measure)[] AllRows =
    [
        ("kill", KillRow.Measure), ("cut", CutRow.Measure), ("stop", StopRow.Measure), ("switchover", SwitchoverRow.Measure), ("size", SizeRow.Measure), ("cost", StandbyCostRow.Measure),
        ("saturation", SaturationRow.Measure), ("health", HealthRow.Measure),
    ];

    private static readonly TimeProvider Time = TimeProvider.System;

    /// <summary>What each row is called on the command line.</summary>
    public static IEnumerable<string> RowNames => AllRows.Select(row => row.Name);

    /// <summary>The figures; a failure where the bench itself cannot run.</summary>
    /// <param name="counts">How often.</param>
    /// <param name="only">The rows that are measured; all where there are none.</param>
    /// <param name="whyNoHosts">Why there can be no network namespaces; null inside a world of its own.</param>
    /// <param name="console">Takes progress.</param>
    /// <param name="cancel">Ends everything.</param>
    public static async Task<Result<IReadOnlyList<Figure>>> Run(FailoverCounts counts, IReadOnlyList<string> only, string? whyNoHosts, IAnsiConsole console, CancellationToken cancel)
    {
        var folder = Path.Combine(Path.GetTempPath(), $"elanus-bench-{Environment.ProcessId}");
        var files = new RealFileSystem();
        if (!(await files.CreateDirectoryAsync(folder, cancel)).TryGet(out _, out var failure))
        {
            return failure;
        }

        try
        {
            // etcd stays at the switch: what is cut off is a node, from all of it; the row of the cuts has another one besides.
            var hosts = whyNoHosts is null ? LocalHosts.Make(NodeCount) : null;
            if (!(await EtcdMembers.Start(folder, [.. Enumerable.Repeat(hosts is null ? "127.0.0.1" : LocalHosts.Here, EtcdCount)], _ => [], cancel)).TryGet(out var etcd, out failure))
            {
                return failure;
            }

            using (etcd)
            {
                await using var arbiter = etcd.Open();
                console.WriteLine($"{counts}; etcd with {etcd.Count} members");
                var probe = new MachineProbe(arbiter, files, folder, Time);
                using var enough = CancellationTokenSource.CreateLinkedTokenSource(cancel);
                var probing = probe.Run(enough.Token);
                var tally = new FailoverTally();
                var ground = new FailoverGround(etcd, hosts, whyNoHosts ?? "", folder, tally, console, Time);
                var measured = await Rows(ground, counts, only, tally, cancel);
                await enough.CancelAsync();
                await probing;
                console.WriteLine(probe.ToString());
                return measured;
            }
        }
        finally
        {
            await WireBench.Remove(files, folder);
        }
    }

    private static async Task<Result<IReadOnlyList<Figure>>> Rows(FailoverGround ground, FailoverCounts counts, IReadOnlyList<string> only, FailoverTally tally, CancellationToken cancel)
    {
        var figures = new List<Figure>();
        foreach (var (name, row) in AllRows.Where(row => only.Count == 0 || only.Contains(row.Name)))
        {
            ground.Console.WriteLine(name);
            if (!(await row(ground, counts, cancel)).TryGet(out var measured, out var failure))
            {
                return failure;
            }

            figures.AddRange(measured);
        }

        figures.Add(tally.Figure);
        return figures;
    }
}
