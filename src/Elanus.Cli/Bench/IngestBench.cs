using System.Globalization;
using System.Runtime;
using System.Runtime.InteropServices;
using Elanus.Engine;
using Elanus.Primitives;
using Elanus.Roles;
using Elanus.Rpc;
using Elanus.Rpc.Client;
using Elanus.Server;
using Spectre.Console;

namespace Elanus.Cli;

/// <summary>
/// How fast rows get in: log and apply, without an index, against what the disk takes in large fsynced writes, in turn within a round; single rows of many clients against one at
/// a time, where every fsync takes long; and what a sealed segment costs. Figures are medians over rounds. Sealing and checkpoints, which write behind the rows, are put
/// off while the first two are measured.
/// </summary>
internal sealed class IngestBench(StandaloneNode node, IFileSystem files, string folder)
{
    private const int BatchesPerRound = 96;

    /// <summary>Rounds do not count before one in which the runtime's compiler took less than this part of a processor, or after so many.</summary>
    private const double WarmCompiling = 0.05;
    private const int WarmRoundsMax = 40;
    private const int BatchesAtOnce = 8;
    private const int PieceBytes = 8 << 20;
    private const int Clients = 64;
    private const int RowsEach = 20;
    private const int SealedBatches = 100;

    /// <summary>Added to every fsync: what durable media take that are not as quick as the disk of a test machine.</summary>
    private static readonly TimeSpan SyncDelay = TimeSpan.FromMilliseconds(2);

    private static readonly TimeProvider Time = TimeProvider.System;

    private readonly byte[] vectors = MemoryMarshal.AsBytes(WireBench.Vectors(WireBench.RowsPerInsert, seed: 1).AsSpan()).ToArray();
    private long keysUsed;

    public static async Task<Result<IReadOnlyList<Figure>>> Run(int rounds, CancellationToken cancel)
    {
        var folder = Path.Combine(Path.GetTempPath(), $"elanus-bench-{Environment.ProcessId}");
        await using var work = new PooledWork();
        var real = new RealFileSystem();
        var slow = new CountingFileSystem(real, Time);
        try
        {
            var large = await With(real, folder + "-large", work, bench => bench.Large(rounds, cancel), cancel);
            if (!large.TryGet(out var figures, out var failure))
            {
                return failure;
            }

            var small = await With(slow, folder + "-small", work, bench => bench.Small(slow, rounds, cancel), cancel);
            return small.TryGet(out var figure, out failure) ? Result<IReadOnlyList<Figure>>.Ok([.. figures, figure]) : failure;
        }
        finally
        {
            await WireBench.Remove(real, folder + "-large");
            await WireBench.Remove(real, folder + "-small");
        }
    }

    private static async Task<Result<T>> With<T>(IFileSystem files, string folder, IWorkScheduler work, Func<IngestBench, Task<Result<T>>> measure, CancellationToken cancel)
    {
        var settings = new NodeSettings { DataPath = folder, SegmentBytesMax = long.MaxValue, Checkpoints = new() { LogBytesMin = long.MaxValue / 2 } };
        if (!(await StandaloneNode.Start(settings, new(files, Time, new SystemRandom(), work), cancel)).TryGet(out var node, out var failure))
        {
            return failure;
        }

        await using (node)
        {
            return await measure(new(node, files, folder));
        }
    }

    private async Task<Result<IReadOnlyList<Figure>>> Large(int rounds, CancellationToken cancel)
    {
        var made = await Collection("bench", autoId: false, cancel);
        if (!made.TryGet(out var collection, out var failure) || !(await Collection("port", autoId: true, cancel)).TryGet(out _, out failure))
        {
            return failure;
        }

        await using var servers = await WireServers.Start(node, cancel);
        using var port = new RpcChannel(servers.Real, new());
        var request = WireBench.Insert("port", 0);
        var measured = new List<(double Disk, double Inside, double Port)>();
        await AnsiConsole.Progress().StartAsync(async progress =>
        {
            var warming = progress.AddTask("warming up");
            for (var round = 0; round < WarmRoundsMax && !await IsWarm(() => Task.WhenAll(Inside(collection, cancel), Rate(request.Length, () => WireBench.Call(port, "Insert", request, cancel)))); round++)
            {
                warming.Increment(100.0 / WarmRoundsMax);
            }

            warming.Value = warming.MaxValue;
            var task = progress.AddTask("batches", maxValue: rounds);
            for (var round = 0; round < rounds; round++)
            {
                var disk = await Disk(round, cancel);
                var inside = await Inside(collection, cancel);
                var through = await Rate(request.Length, () => WireBench.Call(port, "Insert", request, cancel));
                measured.Add((disk, inside, through));
                task.Increment(1);
            }
        });
        var bytesEach = await Sealed(cancel);
        return Result<IReadOnlyList<Figure>>.Ok(
        [
            new(
                $"log and apply of batches of {WireBench.RowsPerInsert} / sequential fsynced writes, bytes a second",
                Text($"{Figure.Median(measured.Select(m => m.Inside)):0} / {Figure.Median(measured.Select(m => m.Disk)):0} MB/s"),
                Figure.Median(measured.Select(m => m.Inside / m.Disk)),
                0.5,
                AtMost: false),
            new(
                "the same through the port",
                Text($"{Figure.Median(measured.Select(m => m.Port)):0} / {Figure.Median(measured.Select(m => m.Disk)):0} MB/s"),
                Figure.Median(measured.Select(m => m.Port / m.Disk)),
                null,
                AtMost: false),
            new("a sealed segment / its raw vectors, bytes", Text($"{bytesEach:0.0} / {WireBench.Dimension * sizeof(float)} B a row"), bytesEach / (WireBench.Dimension * sizeof(float)), 1.1, AtMost: true),
        ]);
    }

    private async Task<Result<Figure>> Small(CountingFileSystem slow, int rounds, CancellationToken cancel)
    {
        if (!(await Collection("bench", autoId: false, cancel)).TryGet(out var collection, out var failure))
        {
            return failure;
        }

        slow.SyncDelay = SyncDelay;
        var measured = new List<(double One, double Many)>();
        await AnsiConsole.Progress().StartAsync(async progress =>
        {
            var task = progress.AddTask("single rows", maxValue: rounds + 1);
            for (var round = 0; round <= rounds; round++)
            {
                measured.Add((await Singles(collection, 1, cancel), await Singles(collection, Clients, cancel)));
                task.Increment(1);
            }
        });
        measured.RemoveAt(0);
        slow.SyncDelay = TimeSpan.Zero;
        return new Figure(
            $"single rows of {Clients} clients / one fsync a row, {SyncDelay.TotalMilliseconds} ms added to each fsync",
            Text($"{Figure.Median(measured.Select(m => m.Many)):0} / {Figure.Median(measured.Select(m => m.One)):0} rows/s"),
            Figure.Median(measured.Select(m => m.Many / m.One)),
            20,
            AtMost: false);
    }

    /// <summary>Megabytes a second of large writes to one file, each made durable.</summary>
    private async Task<double> Disk(int round, CancellationToken cancel)
    {
        var name = $"{folder}/bench-{round}";
        var piece = new byte[PieceBytes];
        new SeededRandom((ulong)round).Fill(piece);
        const int Pieces = 12;
        var made = await files.CreateAsync(name, cancel);
        Invariant.Holds(made.Succeeded, $"the disk takes no file ({made.Failure})");
        double microseconds;
        await using (var file = made.Value)
        {
            microseconds = await Microseconds(async () =>
            {
                for (var i = 0; i < Pieces; i++)
                {
                    var written = await file.WriteDurablyAsync((long)i * PieceBytes, [piece], cancel);
                    Invariant.Holds(written.Succeeded, $"the disk is full ({written.Failure})");
                }
            });
        }

        await files.DeleteAsync(name, cancel);
        return (double)Pieces * PieceBytes / microseconds;
    }

    /// <summary>Whether the runtime compiled little while an action ran.</summary>
    private static async Task<bool> IsWarm(Func<Task> action)
    {
        var compiled = JitInfo.GetCompilationTime();
        var took = await Microseconds(action);
        return (JitInfo.GetCompilationTime() - compiled).TotalMicroseconds < WarmCompiling * took;
    }

    /// <summary>Megabytes a second of batches that are committed and applied, the payload counted.</summary>
    private async Task<double> Inside(CollectionInfo collection, CancellationToken cancel)
    {
        var bytes = DataRecordCodec.Encode(Batch(collection, WireBench.RowsPerInsert)).Length;
        return await Rate(bytes, () => Write(Batch(collection, WireBench.RowsPerInsert), cancel), () => Applied(cancel));
    }

    /// <summary>Rows a second of clients that each insert one row after another.</summary>
    private async Task<double> Singles(CollectionInfo collection, int clients, CancellationToken cancel)
    {
        var microseconds = await Microseconds(() => Task.WhenAll(Enumerable.Range(0, clients).Select(async _ =>
        {
            for (var i = 0; i < RowsEach; i++)
            {
                await Write(Batch(collection, 1), cancel);
            }
        })));
        return clients * RowsEach * 1e6 / microseconds;
    }

    /// <summary>Bytes a row of a segment that is sealed and read from its file.</summary>
    private async Task<double> Sealed(CancellationToken cancel)
    {
        var made = await Collection("sealed", autoId: false, cancel);
        Invariant.Holds(made.Succeeded, $"a collection of the bench was not made ({made.Failure})");
        for (var i = 0; i < SealedBatches; i++)
        {
            await Write(Batch(made.Value, WireBench.RowsPerInsert), cancel);
        }

        var flushed = await node.Roles.Proxy.Data.Flush("default", "sealed", cancel);
        Invariant.Holds(flushed.Succeeded, $"a flush of the bench failed ({flushed.Failure})");
        while (true)
        {
            var segments = node.Roles.State.Find(made.Value.Id)!.Statistics().Segments;
            if (segments.All(s => s is { IsPublished: true, IsMapped: true }))
            {
                return (double)segments.Sum(s => s.Bytes + s.IndexBytes) / segments.Sum(s => (long)s.Rows);
            }

            await Task.Delay(TimeSpan.FromMilliseconds(50), Time, cancel);
        }
    }

    private static async Task<double> Rate(long bytes, Func<Task> once, Func<Task>? last = null)
    {
        var microseconds = await Microseconds(async () =>
        {
            await Task.WhenAll(Enumerable.Range(0, BatchesAtOnce).Select(async _ =>
            {
                for (var i = 0; i < BatchesPerRound / BatchesAtOnce; i++)
                {
                    await once();
                }
            }));
            await (last?.Invoke() ?? Task.CompletedTask);
        });
        return (double)bytes * BatchesPerRound / microseconds;
    }

    private async Task Write(Write write, CancellationToken cancel)
    {
        var written = await node.Roles.Proxy.Context.Node.Write(write, cancel);
        Invariant.Holds(written.Succeeded, $"a write of the bench failed ({written.Failure})");
    }

    private async Task Applied(CancellationToken cancel)
    {
        var reached = await node.Roles.Proxy.Context.Node.Reach(Freshness.Strong, cancel);
        Invariant.Holds(reached.Succeeded, $"what was written is not applied ({reached.Failure})");
    }

    private async Task<Result<CollectionInfo>> Collection(string name, bool autoId, CancellationToken cancel)
    {
        FieldSchema key = new() { Id = default, Name = "id", Type = DataType.Int64, IsPrimaryKey = true, AutoId = autoId };
        FieldSchema vector = new() { Id = default, Name = "vector", Type = DataType.FloatVector, TypeParams = [new("dim", Text($"{WireBench.Dimension}"))] };
        return await node.Roles.Proxy.Collections.Create("default", new() { Schema = new() { Name = name, Fields = [key, vector] } }, cancel);
    }

    /// <summary>Rows with keys that were not used before; the vectors are the same in every batch.</summary>
    private Write Batch(CollectionInfo collection, int rows)
    {
        var keys = new ColumnBuilder(DataType.Int64, capacityRows: rows);
        var first = Interlocked.Add(ref keysUsed, rows) - rows;
        for (var row = 0; row < rows; row++)
        {
            keys.Append(first + row);
        }

        var values = vectors.AsMemory(0, rows * WireBench.Dimension * sizeof(float));
        var schema = collection.Schema;
        return new(collection.Id, schema.Version, null,
        [
            new(0, collection.Partitions[0].Id, new(rows,
            [
                new(schema.PrimaryKey.Id, keys.Build()),
                new(schema.Find("vector")!.Id, new HeapColumn(DataType.FloatVector, DataType.None, WireBench.Dimension, rows, values, default, default)),
            ])),
        ]);
    }

    private static async Task<double> Microseconds(Func<Task> action)
    {
        var started = Time.GetTimestamp();
        await action();
        return Time.GetElapsedTime(started).TotalMicroseconds;
    }

    private static string Text(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
