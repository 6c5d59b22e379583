using System.Globalization;
using Elanus.Primitives;
using Elanus.Rpc.Client;
using Spectre.Console;

namespace Elanus.Cli;

/// <summary>
/// How the time from a process's start to its ready line grows with the data: many rows against few, both sealed, loaded, stopped in order and with a warm page
/// cache. Medians over rounds in turn, so that what else the machine does touches both.
/// </summary>
internal static class RecoveryBench
{
    private const int FewRows = 10_000;
    private const double RatioMax = 1.5;

    private static readonly TimeProvider Time = TimeProvider.System;
    private static readonly TimeSpan Poll = TimeSpan.FromMilliseconds(200);
    private static readonly TimeSpan TimeToName = TimeSpan.FromSeconds(3);

    /// <param name="rows">Rows of the large server.</param>
    /// <param name="rounds">Starts of each server that count; one more of each warms up.</param>
    /// <param name="indexes">An index type a figure.</param>
    /// <param name="cancel">Ends the servers too.</param>
    public static async Task<Result<IReadOnlyList<Figure>>> Run(int rows, int rounds, IReadOnlyList<string> indexes, CancellationToken cancel)
    {
        var figures = new List<Figure>();
        var files = new RealFileSystem();
        foreach (var index in indexes)
        {
            var folder = Path.Combine(Path.GetTempPath(), $"elanus-bench-{Environment.ProcessId}-{index}");
            try
            {
                if (!(await Measure(folder, index, rows, rounds, cancel)).TryGet(out var figure, out var failure))
                {
                    return failure;
                }

                figures.Add(figure);
            }
            finally
            {
                await WireBench.Remove(files, folder);
            }
        }

        return figures;
    }

    private static async Task<Result<Figure>> Measure(string folder, string index, int rows, int rounds, CancellationToken cancel)
    {
        var few = new List<double>();
        var many = new List<double>();
        Failure? failure = null;
        await AnsiConsole.Progress().StartAsync(async progress =>
        {
            failure = await Fill(progress, $"{folder}/few", index, FewRows, cancel) ?? await Fill(progress, $"{folder}/many", index, rows, cancel);
            var task = progress.AddTask($"starts, {index}", maxValue: rounds + 1);
            for (var round = 0; round <= rounds && failure is null; round++)
            {
                failure = await Start($"{folder}/few", few, cancel) ?? await Start($"{folder}/many", many, cancel);
                task.Increment(1);
            }
        });
        if (failure is not null)
        {
            return failure;
        }

        var (small, large) = (Figure.Median(few.Skip(1)), Figure.Median(many.Skip(1)));
        return new Figure(
            string.Create(CultureInfo.InvariantCulture, $"start with {rows:N0} rows over start with {FewRows:N0}, {index}"),
            string.Create(CultureInfo.InvariantCulture, $"{large:0} ms and {small:0} ms"),
            large / small,
            RatioMax,
            AtMost: true);
    }

    private static async Task<Failure?> Fill(ProgressContext progress, string folder, string index, int rows, CancellationToken cancel)
    {
        var task = progress.AddTask(string.Create(CultureInfo.InvariantCulture, $"inserting {rows:N0} rows, {index}"), maxValue: rows);
        if (!(await ServerRun.Start(folder, Time, cancel)).TryGet(out var server, out var failure))
        {
            return failure;
        }

        await using (server)
        {
            using var channel = new RpcChannel(new($"http://{server.Address}"), new());
            await new BenchCollection(channel, Time).Fill(rows, index, done => task.Value = done, cancel);
            await Stored(folder, rows, cancel);
        }

        return null;
    }

    /// <summary>Ends when the sealed rows lie in files, which is done behind the answers; then a little later, when the log names them.</summary>
    private static async Task Stored(string folder, int rows, CancellationToken cancel)
    {
        var files = new RealFileSystem();
        var wanted = (long)rows * BenchCollection.RowBytes;
        while ((await files.ListAsync($"{folder}/segments", cancel) ?? []).Where(f => f.Name.EndsWith(".cols", StringComparison.Ordinal)).Sum(f => f.Length) < wanted)
        {
            await Task.Delay(Poll, Time, cancel);
        }

        await Task.Delay(TimeToName, Time, cancel);
    }

    private static async Task<Failure?> Start(string folder, List<double> times, CancellationToken cancel)
    {
        if (!(await ServerRun.Start(folder, Time, cancel)).TryGet(out var server, out var failure))
        {
            return failure;
        }

        await using (server)
        {
            times.Add(server.ToReady.TotalMilliseconds);
        }

        return null;
    }
}
