using System.Diagnostics;
using System.Globalization;
using Elanus.Milvus.Protocol;
using Elanus.Primitives;
using Elanus.Rpc;
using Spectre.Console;

namespace Elanus.Cli;

/// <summary>What one standby in sync costs: a pair against a server that is alone, in turn, each fsync 2 ms longer on all of them.</summary>
internal static class StandbyCostRow
{
    private const int Clients = 8;
    private const int BatchRows = 100;
    private const int Rounds = 5;
    private const int WarmUpRounds = 3;
    private const string SyncDelayMs = "2";
    private const double ThroughputMin = 0.7;
    private const double ProcessorMax = 1.3;

    private static readonly RpcMethod<InsertRequest, MutationResult> Insert = new(Elanus.Milvus.CallRoutes.Service, "Insert");

    public static async Task<Result<IReadOnlyList<Figure>>> Measure(FailoverGround ground, FailoverCounts counts, CancellationToken cancel)
    {
        string[] slow = ["--inject-sync-delay", SyncDelayMs];
        using var pair = ground.Start(2, clustered: true, slow);
        using var alone = ground.Start(1, clustered: false, slow);
        if (!(await pair.Whole(cancel)).TryGet(out var active, out var failure) || !(await alone.Whole(cancel)).TryGet(out var single, out failure))
        {
            return failure;
        }

        var together = new Side(pair.At(active.Address), active.Pid, ground.Rows(pair));
        var apart = new Side(alone.Nodes[0], single.Pid, ground.Rows(alone));
        await together.Rows.Create(cancel);
        await apart.Rows.Create(cancel);
        var measured = new List<(double Throughput, double Processor)>();
        var detail = "";
        for (var round = 1 - WarmUpRounds; round <= Rounds; round++)
        {
            var one = await Round(ground, together, counts, cancel);
            var other = await Round(ground, apart, counts, cancel);
            if (round <= 0)
            {
                // Code that runs often is compiled once more, better.
                continue;
            }

            measured.Add((one.RowsPerSecond / other.RowsPerSecond, one.SecondsPerRow / other.SecondsPerRow));
            detail = string.Create(
                CultureInfo.InvariantCulture,
                $"last round: {one.RowsPerSecond:0} and {other.RowsPerSecond:0} rows/s, {1e6 * one.SecondsPerRow:0.0} and {1e6 * other.SecondsPerRow:0.0} µs of processor a row");
            ground.Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"standby's cost, round {round} of {Rounds}: {detail}"));
        }

        return Result<IReadOnlyList<Figure>>.Ok(
        [
            new("one standby in sync over standalone: rows a second", detail, Figure.Median(measured.Select(m => m.Throughput)), ThroughputMin, AtMost: false),
            new("one standby in sync over standalone: processor seconds a row on the active", detail, Figure.Median(measured.Select(m => m.Processor)), ProcessorMax, AtMost: true),
        ]);
    }

    private static async Task<(double RowsPerSecond, double SecondsPerRow)> Round(FailoverGround ground, Side side, FailoverCounts counts, CancellationToken cancel)
    {
        var rows = Clients * counts.BatchesAtOnce * BatchRows;
        using var process = Process.GetProcessById(side.Pid);
        var processor = process.TotalProcessorTime;
        var started = ground.Time.GetTimestamp();
        await Task.WhenAll(Enumerable.Range(0, Clients).Select(async _ =>
        {
            for (var i = 0; i < counts.BatchesAtOnce; i++)
            {
                var answer = await side.Node.Channel.Call(Insert, side.Rows.Batch(Interlocked.Add(ref side.Next, BatchRows), BatchRows), cancel);
                Invariant.Holds(answer.TryGet(out var result, out var status) && result.Status.Code == 0, $"an insert of the bench failed: {status}");
            }
        }));
        var seconds = ground.Time.GetElapsedTime(started).TotalSeconds;
        process.Refresh();
        return (rows / seconds, (process.TotalProcessorTime - processor).TotalSeconds / rows);
    }

    private sealed class Side(NodeProcess node, int pid, NumberedRows rows)
    {
        /// <summary>The next key.</summary>
        public long Next;

        public NodeProcess Node => node;

        public int Pid => pid;

        public NumberedRows Rows => rows;
    }
}
