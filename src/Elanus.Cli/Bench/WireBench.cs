using System.Globalization;
using System.Net;
using System.Runtime.InteropServices;
using Elanus.Milvus.Protocol;
using Elanus.Milvus.Protocol.Common;
using Elanus.Milvus.Protocol.Schema;
using Elanus.Primitives;
using Elanus.Roles;
using Elanus.Rpc;
using Elanus.Rpc.Client;
using Elanus.Server;
using Google.Protobuf;
using Spectre.Console;
using DataType = Elanus.Primitives.DataType;
using FieldSchema = Elanus.Primitives.FieldSchema;
using Wire = Elanus.Milvus.Protocol.Schema;

namespace Elanus.Cli;

/// <summary>
/// What the protocol costs. The two sides of a ratio are called in turn within a round, so that what else the machine does touches both; figures are
/// medians over rounds.
/// </summary>
internal sealed class WireBench(IRpcCaller real, IRpcCaller echo, HttpMessageInvoker plain, Uri plainAddress, Proxy proxy)
{
    private const string Collection = "bench";
    internal const int Dimension = 128;
    internal const int RowsPerInsert = 1_000;
    private const int SearchedRows = 10_000;
    private const int CallsPerRound = 1_000;
    private const int InsertsPerRound = 40;
    private const int InsertsAtOnce = 4;
    private const int SearchesPerRound = 200;

    private static readonly TimeProvider Time = TimeProvider.System;

    public static async Task<Result<IReadOnlyList<Figure>>> Run(int rounds, CancellationToken cancel)
    {
        var folder = Path.Combine(Path.GetTempPath(), $"elanus-bench-{Environment.ProcessId}");
        await using var work = new PooledWork();
        var files = new RealFileSystem();
        if (!(await StandaloneNode.Start(new() { DataPath = folder }, new(files, Time, new SystemRandom(), work), cancel)).TryGet(out var node, out var failure))
        {
            return failure;
        }

        try
        {
            await using (node)
            {
                await using var servers = await WireServers.Start(node, cancel);
                using var real = new RpcChannel(servers.Real, new());
                using var echo = new RpcChannel(servers.Echo, new());
                using var plain = new HttpMessageInvoker(new SocketsHttpHandler());
                return await new WireBench(real, echo, plain, servers.Echo, node.Roles.Proxy).Measure(rounds, cancel);
            }
        }
        finally
        {
            await Remove(files, folder);
        }
    }

    private async Task<Result<IReadOnlyList<Figure>>> Measure(int rounds, CancellationToken cancel)
    {
        if (await Prepare(cancel) is { } failure)
        {
            return failure;
        }

        var calls = new List<(double Rpc, double Plain)>();
        var inserts = new List<(double Insert, double Echo)>();
        var searches = new List<(double Port, double Echo, double Inside)>();
        await AnsiConsole.Progress().StartAsync(async progress =>
        {
            // One round more: the first warms up and does not count.
            var task = progress.AddTask("rounds", maxValue: 3 * (rounds + 1));
            for (var round = 0; round <= rounds; round++)
            {
                calls.Add(await Calls(cancel));
                task.Increment(1);
                inserts.Add(await Inserts(cancel));
                task.Increment(1);
                searches.Add(await Searches(cancel));
                task.Increment(1);
            }
        });
        calls.RemoveAt(0);
        inserts.RemoveAt(0);
        searches.RemoveAt(0);
        return Result<IReadOnlyList<Figure>>.Ok(
        [
            new(
                "empty unary call / plain HTTP/2 POST, p50",
                Text($"{Figure.Median(calls.Select(c => c.Rpc)):0} / {Figure.Median(calls.Select(c => c.Plain)):0} µs"),
                Figure.Median(calls.Select(c => c.Rpc / c.Plain)),
                1.5,
                AtMost: true),
            new(
                $"insert of {RowsPerInsert} rows / echo of the same bytes, bytes a second",
                Text($"{Figure.Median(inserts.Select(i => i.Insert)):0} / {Figure.Median(inserts.Select(i => i.Echo)):0} MB/s"),
                Figure.Median(inserts.Select(i => i.Insert / i.Echo)),
                0.5,
                AtMost: false),
            new(
                "search through the port / (echo + 1.3 in process), p50",
                Text($"{Figure.Median(searches.Select(s => s.Port)):0} / ({Figure.Median(searches.Select(s => s.Echo)):0} + 1.3 x {Figure.Median(searches.Select(s => s.Inside)):0}) µs"),
                Figure.Median(searches.Select(s => s.Port / (s.Echo + (1.3 * s.Inside)))),
                1,
                AtMost: true),
        ]);
    }

    private async Task<Failure?> Prepare(CancellationToken cancel)
    {
        FieldSchema key = new() { Id = default, Name = "id", Type = DataType.Int64, IsPrimaryKey = true, AutoId = true };
        FieldSchema vector = new() { Id = default, Name = "vector", Type = DataType.FloatVector, TypeParams = [new("dim", Text($"{Dimension}"))] };
        foreach (var name in new[] { Collection, Collection + "_searched" })
        {
            if (!(await proxy.Collections.Create("default", new() { Schema = new() { Name = name, Fields = [key, vector] } }, cancel)).TryGet(out _, out var failure)
                || !(await proxy.Indexes.Create("default", name, new("vector", "", [new("index_type", "FLAT"), new("metric_type", "L2")]), cancel)).TryGet(out _, out failure)
                || !(await proxy.Loading.Load("default", name, [], 1, [], cancel)).TryGet(out _, out failure))
            {
                return failure;
            }
        }

        for (var i = 0; i < SearchedRows / RowsPerInsert; i++)
        {
            await Call(real, "Insert", Insert(Collection + "_searched", i), cancel);
        }

        return null;
    }

    /// <summary>Median microseconds of an empty call and of a plain POST, in turn.</summary>
    private async Task<(double Rpc, double Plain)> Calls(CancellationToken cancel)
    {
        var rpc = new List<double>();
        var posts = new List<double>();
        var body = new byte[5];
        for (var i = 0; i < CallsPerRound; i++)
        {
            rpc.Add(await Microseconds(() => Call(echo, "Dummy", default, cancel)));
            posts.Add(await Microseconds(async () =>
            {
                using var request = new HttpRequestMessage(HttpMethod.Post, plainAddress)
                {
                    Version = HttpVersion.Version20,
                    VersionPolicy = HttpVersionPolicy.RequestVersionExact,
                    Content = new ByteArrayContent(body),
                };
                using var response = await plain.SendAsync(request, cancel);
                await response.Content.ReadAsByteArrayAsync(cancel);
            }));
        }

        return (Figure.Median(rpc), Figure.Median(posts));
    }

    /// <summary>Megabytes a second, of inserts and of echoes of the same bytes.</summary>
    private async Task<(double Insert, double Echo)> Inserts(CancellationToken cancel)
    {
        var bytes = Insert(Collection, 0);
        return (await Rate(real), await Rate(echo));

        async Task<double> Rate(IRpcCaller caller)
        {
            var microseconds = await Microseconds(() => Task.WhenAll(Enumerable.Range(0, InsertsAtOnce).Select(async _ =>
            {
                for (var i = 0; i < InsertsPerRound / InsertsAtOnce; i++)
                {
                    await Call(caller, "Insert", bytes, cancel);
                }
            })));
            return bytes.Length * (double)InsertsPerRound / microseconds;
        }
    }

    /// <summary>Median microseconds of a search through the port, of an echo of its bytes, and of the same search in process.</summary>
    private async Task<(double Port, double Echo, double Inside)> Searches(CancellationToken cancel)
    {
        var query = MemoryMarshal.AsBytes<float>(Vectors(1, seed: 99)).ToArray();
        var group = new PlaceholderGroup();
        group.Placeholders.Add(new PlaceholderValue { Tag = "$0", Type = PlaceholderType.FloatVector, Values = { ByteString.CopyFrom(query) } });
        var request = new SearchRequest { CollectionName = Collection + "_searched", PlaceholderGroup = group.ToByteString(), Nq = 1 };
        request.SearchParams.Add(new Elanus.Milvus.Protocol.Common.KeyValuePair { Key = "topk", Value = "10" });
        var bytes = request.ToByteArray();
        var call = new SearchCall
        {
            Database = "default",
            Collection = Collection + "_searched",
            Vectors = new ColumnBuilder(DataType.FloatVector, dimension: Dimension).Append(query).Build(),
            TopK = 10,
            Consistency = Elanus.Roles.ConsistencyLevel.Strong,
        };
        var port = new List<double>();
        var echoes = new List<double>();
        var inside = new List<double>();
        for (var i = 0; i < SearchesPerRound; i++)
        {
            // Either call comes after a search in process: a call right behind another one finds threads awake and caches warm, which flatters it.
            port.Add(await Microseconds(() => Call(real, "Search", bytes, cancel)));
            inside.Add(await Inside());
            echoes.Add(await Microseconds(() => Call(echo, "Search", bytes, cancel)));
            inside.Add(await Inside());
        }

        return (Figure.Median(port), Figure.Median(echoes), Figure.Median(inside));

        Task<double> Inside() =>
            Microseconds(async () => Invariant.Holds((await proxy.Searches.Search(call, cancel)).Succeeded, "a search of the bench failed"));
    }

    internal static async Task Call(IRpcCaller caller, string method, ReadOnlyMemory<byte> request, CancellationToken cancel)
    {
        using var answer = await caller.CallRaw(RpcMethod.Of(WireServers.Service, method), RpcPayload.Of(request), RpcCallOptions.None, cancel);
        Invariant.Holds(answer.Status.IsOk, $"a call of the bench ended with {answer.Status}");
    }

    private static async Task<double> Microseconds(Func<Task> action)
    {
        var started = Time.GetTimestamp();
        await action();
        return Time.GetElapsedTime(started).TotalMicroseconds;
    }

    internal static byte[] Insert(string collection, int seed)
    {
        var request = new InsertRequest { CollectionName = collection, NumRows = RowsPerInsert };
        request.FieldsData.Add(new FieldData
        {
            FieldName = "vector",
            Type = Wire.DataType.FloatVector,
            Vectors = new() { Dim = Dimension, FloatVector = new() { Data = { Vectors(RowsPerInsert, seed) } } },
        });
        return request.ToByteArray();
    }

    internal static float[] Vectors(int rows, int seed)
    {
        var random = new SeededRandom((ulong)seed + 1);
        var vectors = new float[rows * Dimension];
        foreach (ref var element in vectors.AsSpan())
        {
            element = (random.NextUInt64() >> 40) / (float)(1 << 24);
        }

        return vectors;
    }

    private static string Text(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);

    internal static async Task Remove(IFileSystem files, string folder)
    {
        foreach (var entry in await files.ListAsync(folder, CancellationToken.None) ?? [])
        {
            if (entry.IsDirectory)
            {
                await Remove(files, $"{folder}/{entry.Name}");
            }
            else
            {
                await files.DeleteAsync($"{folder}/{entry.Name}", CancellationToken.None);
            }
        }

        await files.DeleteDirectoryAsync(folder, CancellationToken.None);
    }
}
