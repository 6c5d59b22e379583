using System.Globalization;
using Elanus.Milvus.Protocol;
using Elanus.Primitives;
using Elanus.Rpc;
using Elanus.Server.Operations.Protocol;
using Spectre.Console;

namespace Elanus.Cli;

/// <summary>
/// What one standby in sync costs: a pair against a server that is alone, each fsync 2 ms longer on all of them. Rounds alternate, and so does which of the two comes first. Both sides are warm before the first
/// round that counts: until their compilers are quiet, for a young process uses more of the processor for compiling than for rows. The processor is counted until the server is at rest, so that
/// what it does behind its answers is counted where it belongs.
/// </summary>
internal static class StandbyCostRow
{
    private const int Clients = 8;
    private const int BatchRows = 100;
    private const int Rounds = 7;
    private const int WarmUpRoundsMax = 8;
    private const string SyncDelayMs = "2";
    private const double ThroughputMin = 0.7;
    private const double ProcessorMax = 1.3;

    /// <summary>The part of a round's processor time below which the compiler is quiet.</summary>
    private const double CompilingMax = 0.02;

    /// <summary>A server that uses less than one tick of the kernel's clock in this time is at rest.</summary>
    private static readonly TimeSpan RestLook = TimeSpan.FromMilliseconds(200);
    private static readonly TimeSpan RestUse = TimeSpan.FromMilliseconds(10);
    private static readonly TimeSpan RestPatience = TimeSpan.FromSeconds(3);

    private const int AttemptsMax = 50;

    private static readonly TimeSpan BeforeNextAttempt = TimeSpan.FromMilliseconds(100);

    private static readonly RpcMethod<InsertRequest, MutationResult> Insert = new(Elanus.Milvus.CallRoutes.Service, "Insert");

    public static async Task<Result<IReadOnlyList<Figure>>> Measure(FailoverGround ground, FailoverCounts counts, CancellationToken cancel)
    {
        string[] slow = ["--inject-sync-delay", SyncDelayMs];
        using var pair = ground.Start(2, clustered: true, slow);
        using var alone = ground.Start(1, clustered: false, slow);
        if (!(await Made(ground, pair, cancel)).TryGet(out var together, out var failure) || !(await Made(ground, alone, cancel)).TryGet(out var apart, out failure))
        {
            return failure;
        }

        for (var round = 1; round <= WarmUpRoundsMax; round++)
        {
            var one = await Round(ground, together, counts, cancel);
            var other = await Round(ground, apart, counts, cancel);
            var compiling = Math.Max(one.Compiling, other.Compiling);
            if (await Changed(pair, together, cancel) is { } early)
            {
                return early;
            }

            ground.Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"standby's cost, warming up: {one.Compiling:0.0%} and {other.Compiling:0.0%} of the processor compile"));
            if (compiling < CompilingMax)
            {
                break;
            }
        }

        var measured = new List<(RoundOf Together, RoundOf Apart)>();
        for (var round = 1; round <= Rounds; round++)
        {
            var pairFirst = round % 2 == 1;
            var first = await Round(ground, pairFirst ? together : apart, counts, cancel);
            var second = await Round(ground, pairFirst ? apart : together, counts, cancel);
            if (await Changed(pair, together, cancel) is { } late)
            {
                return late;
            }

            measured.Add(pairFirst ? (first, second) : (second, first));
            ground.Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"standby's cost, round {round} of {Rounds}: {Said(measured[^1].Together, measured[^1].Apart)}"));
        }

        var detail = $"medians: {Said(RoundOf.Median(measured.Select(m => m.Together)), RoundOf.Median(measured.Select(m => m.Apart)))}";
        return Result<IReadOnlyList<Figure>>.Ok(
        [
            new("one standby in sync over standalone: rows a second", detail, Figure.Median(measured.Select(m => m.Together.RowsPerSecond / m.Apart.RowsPerSecond)), ThroughputMin, AtMost: false),
            new("one standby in sync over standalone: processor seconds a row on the active", detail, Figure.Median(measured.Select(m => m.Together.MicrosPerRow / m.Apart.MicrosPerRow)), ProcessorMax, AtMost: true),
        ]);
    }

    /// <summary>Who is measured must stay active; where another one is, why it is, and what the nodes said last.</summary>
    private static async Task<Failure?> Changed(LocalCluster pair, Side side, CancellationToken cancel)
    {
        if (!(await pair.Whole(cancel)).TryGet(out var now, out var failure))
        {
            return failure;
        }

        return now.Pid == side.Pid ? null : new Failure(
            FailureCode.Unavailable,
            $"the active changed while the cost of its standby was measured: {now.Failovers.FirstOrDefault()?.Why}\n{string.Join('\n', pair.Nodes.Select(node => $"{node.Address}: {node.Said}"))}");
    }

    private static string Said(RoundOf one, RoundOf other) => string.Create(
        CultureInfo.InvariantCulture, $"{one.RowsPerSecond:0} and {other.RowsPerSecond:0} rows/s, {one.MicrosPerRow:0.00} and {other.MicrosPerRow:0.00} µs of processor a row, longest insert {one.LongestMs:0} and {other.LongestMs:0} ms");

    private static async Task<Result<Side>> Made(FailoverGround ground, LocalCluster cluster, CancellationToken cancel)
    {
        if (!(await cluster.Whole(cancel)).TryGet(out var active, out var failure))
        {
            return failure;
        }

        var all = await Task.WhenAll(cluster.Nodes.Select(node => node.Status(cancel)));
        var side = new Side(cluster.At(active.Address), active.Pid, [.. all.OfType<NodeStatus>().Select(node => node.Pid)], ground.Rows(cluster));
        await side.Rows.Create(cancel);
        return side;
    }

    /// <summary>The same rows, clients and batches whichever side it is.</summary>
    private static async Task<RoundOf> Round(FailoverGround ground, Side side, FailoverCounts counts, CancellationToken cancel)
    {
        var rows = Clients * counts.BatchesAtOnce * BatchRows;
        var before = await ProcessorTime.Of(side.Pid, cancel);
        var longest = new double[Clients];
        var started = ground.Time.GetTimestamp();
        await Task.WhenAll(Enumerable.Range(0, Clients).Select(async client =>
        {
            for (var i = 0; i < counts.BatchesAtOnce; i++)
            {
                var asked = ground.Time.GetTimestamp();
                await side.Add(ground.Time, cancel);
                longest[client] = Math.Max(longest[client], ground.Time.GetElapsedTime(asked).TotalMilliseconds);
            }
        }));
        var seconds = ground.Time.GetElapsedTime(started).TotalSeconds;
        foreach (var process in side.Pids)
        {
            await Rest(ground.Time, process, cancel);
        }

        var used = await ProcessorTime.Of(side.Pid, cancel) - before;
        return new(rows / seconds, 1e6 * used.All.TotalSeconds / rows, used.Compiling / used.All, longest.Max());
    }

    /// <summary>Waits until a server has nothing left to do, or it is clear that it does not come to rest here.</summary>
    private static async Task Rest(TimeProvider time, int pid, CancellationToken cancel)
    {
        var started = time.GetTimestamp();
        var last = (await ProcessorTime.Of(pid, cancel)).All;
        while (time.GetElapsedTime(started) < RestPatience)
        {
            await Task.Delay(RestLook, time, cancel);
            var now = (await ProcessorTime.Of(pid, cancel)).All;
            if (now - last <= RestUse)
            {
                return;
            }

            last = now;
        }
    }

    /// <param name="RowsPerSecond">While clients wait.</param>
    /// <param name="MicrosPerRow">Of processor, of the server that answers, until it is at rest.</param>
    /// <param name="Compiling">The part of it that its compiler used.</param>
    /// <param name="LongestMs">Milliseconds that the slowest insert took.</param>
    private readonly record struct RoundOf(double RowsPerSecond, double MicrosPerRow, double Compiling, double LongestMs)
    {
        public static RoundOf Median(IEnumerable<RoundOf> rounds)
        {
            var all = rounds.ToList();
            return new(Figure.Median(all.Select(r => r.RowsPerSecond)), Figure.Median(all.Select(r => r.MicrosPerRow)), Figure.Median(all.Select(r => r.Compiling)), all.Max(r => r.LongestMs));
        }
    }

    private sealed class Side(NodeProcess node, int pid, IReadOnlyList<int> pids, NumberedRows rows)
    {
        private long next;

        public NodeProcess Node => node;

        /// <summary>The server that answers; its supervisor is another process.</summary>
        public int Pid => pid;

        /// <summary>All servers of this side.</summary>
        public IReadOnlyList<int> Pids => pids;

        public NumberedRows Rows => rows;

        /// <summary>Inserts the next batch. Refused while a machine that does too much else has lost the standby for a moment, it comes again.</summary>
        public async Task Add(TimeProvider time, CancellationToken cancel)
        {
            var batch = rows.Batch(Interlocked.Add(ref next, BatchRows), BatchRows);
            for (var left = AttemptsMax; ; left--)
            {
                var answer = await node.Channel.Call(Insert, batch, cancel);
                if (answer.TryGet(out var result, out var status) && result.Status.Code == 0)
                {
                    return;
                }

                Invariant.Holds(left > 0, $"an insert of the bench failed: {status} {result?.Status.Reason}");
                await Task.Delay(BeforeNextAttempt, time, cancel);
            }
        }
    }
}
