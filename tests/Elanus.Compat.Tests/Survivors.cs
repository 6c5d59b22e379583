using System.Collections.Concurrent;
using Elanus.Milvus.Protocol;
using Elanus.Milvus.Protocol.Common;
using Elanus.Milvus.Protocol.Schema;
using Elanus.Rpc;
using Elanus.Rpc.Client;
using Google.Protobuf;

namespace Elanus.Compat.Tests;

/// <summary>
/// Writers that insert rows without a pause and note every id whose insert was answered, across as many lives of the server as a test gives it; and the
/// check that each of these ids is there.
/// </summary>
internal sealed class Survivors
{
    private const int Writers = 4;
    private const int RowsPerInsert = 10;
    public const string Collection = "survivors";
    private const int Unavailable = 2;
    private const int QuotaExceeded = 9;

    /// <summary>How long a writer that was refused leaves the server alone.</summary>
    private static readonly TimeSpan RefusedPause = TimeSpan.FromMilliseconds(20);

    private readonly ConcurrentBag<long> acknowledged = [];
    private long next;
    private int refused;
    private int unknown;

    public int Acknowledged => acknowledged.Count;

    /// <summary>Inserts that were refused for lack of room.</summary>
    public int Refused => Volatile.Read(ref refused);

    /// <summary>Inserts whose outcome the server said to be unknown.</summary>
    public int Unknown => Volatile.Read(ref unknown);

    public static async Task<Survivors> Begin(ServerProcess server)
    {
        using var channel = Open(server);
        await Create(channel);
        return new();
    }

    /// <summary>Makes the collection: an Int64 key <c>id</c>, a float vector <c>v</c> of two, loaded.</summary>
    public static async Task Create(RpcChannel channel)
    {
        var schema = new CollectionSchema { Name = Collection };
        schema.Fields.Add(new FieldSchema { Name = "id", DataType = DataType.Int64, IsPrimaryKey = true });
        schema.Fields.Add(new FieldSchema { Name = "v", DataType = DataType.FloatVector, TypeParams = { Pair("dim", "2") } });
        Assert.Equal(0, (await Call<CreateCollectionRequest, Status>(channel, "CreateCollection", new() { CollectionName = Collection, Schema = schema.ToByteString() }))!.Code);
        var index = new CreateIndexRequest { CollectionName = Collection, FieldName = "v", ExtraParams = { Pair("index_type", "FLAT"), Pair("metric_type", "L2") } };
        Assert.Equal(0, (await Call<CreateIndexRequest, Status>(channel, "CreateIndex", index))!.Code);
        Assert.Equal(0, (await Call<LoadCollectionRequest, Status>(channel, "LoadCollection", new() { CollectionName = Collection }))!.Code);
    }

    /// <summary>Writes until it is stopped; the writers of a server that dies end with it.</summary>
    public Load Write(ServerProcess server) => new(this, Open(server));

    /// <summary>Every acknowledged id is there, and nothing that nobody inserted.</summary>
    public async Task Check(ServerProcess server)
    {
        using var channel = Open(server);
        var found = await Ids(channel);
        Assert.Empty(acknowledged.Except(found));
        Assert.True(found.Count <= Interlocked.Read(ref next), "rows are there that nobody inserted");
    }

    public static async Task<CheckHealthResponse> Health(ServerProcess server)
    {
        using var channel = Open(server);
        return (await Call<CheckHealthRequest, CheckHealthResponse>(channel, "CheckHealth", new()))!;
    }

    public static RpcChannel Open(ServerProcess server) => new(new Uri($"http://{server.Address}"), new());

    private static Milvus.Protocol.Common.KeyValuePair Pair(string key, string value) => new() { Key = key, Value = value };

    /// <summary>The reply, or null where the connection broke.</summary>
    public static async Task<TReply?> Call<TRequest, TReply>(RpcChannel channel, string name, TRequest request)
        where TRequest : class, IMessage<TRequest>, new()
        where TReply : class, IMessage<TReply>, new()
    {
        var service = ServiceReflection.Descriptor.Services.Single(s => s.Name == "MilvusService");
        var result = await channel.Call(new RpcMethod<TRequest, TReply>(service, name), request, CancellationToken.None);
        return result.TryGet(out var reply, out _) ? reply : null;
    }

    /// <summary>Every id that is there.</summary>
    public static async Task<HashSet<long>> Ids(RpcChannel channel)
    {
        var found = new HashSet<long>();
        for (var from = long.MinValue + 1; ;)
        {
            var query = new QueryRequest
            {
                CollectionName = Collection,
                Expr = $"id > {from}",
                ConsistencyLevel = ConsistencyLevel.Strong,
                OutputFields = { "id" },
                QueryParams = { Pair("limit", "10000") },
            };
            var page = await Call<QueryRequest, QueryResults>(channel, "Query", query);
            Assert.Equal("", page!.Status.Reason);
            var ids = page.FieldsData.Single(f => f.FieldName == "id").Scalars.LongData.Data;
            found.UnionWith(ids);
            if (ids.Count < 10_000)
            {
                return found;
            }

            from = ids[^1];
        }
    }

    private async Task Write(RpcChannel channel, CancellationToken stop)
    {
        while (!stop.IsCancellationRequested)
        {
            var last = Interlocked.Add(ref next, RowsPerInsert);
            var ids = Enumerable.Range(0, RowsPerInsert).Select(i => last - i).ToArray();
            var insert = new InsertRequest { CollectionName = Collection, NumRows = RowsPerInsert };
            insert.FieldsData.Add(new FieldData { FieldName = "id", Type = DataType.Int64, Scalars = new() { LongData = new() { Data = { ids } } } });
            insert.FieldsData.Add(new FieldData
            {
                FieldName = "v",
                Type = DataType.FloatVector,
                Vectors = new() { Dim = 2, FloatVector = new() { Data = { ids.SelectMany(id => new[] { (float)id, 0 }) } } },
            });
            var answer = await Call<InsertRequest, MutationResult>(channel, "Insert", insert);
            switch (answer?.Status.Code)
            {
                case 0:
                    Array.ForEach(ids, acknowledged.Add);
                    break;
                case QuotaExceeded:
                    Interlocked.Increment(ref refused);
                    await Task.Delay(RefusedPause, CancellationToken.None);
                    break;
                case Unavailable:
                    Assert.Contains("outcome unknown", answer.Status.Reason, StringComparison.Ordinal);
                    Interlocked.Increment(ref unknown);
                    return;
                case null:
                    return;
                default:
                    Assert.Fail($"an insert was answered with {answer.Status}");
                    break;
            }
        }
    }

    /// <summary>Writers at work on one life of the server.</summary>
    internal sealed class Load : IAsyncDisposable
    {
        private readonly CancellationTokenSource stop = new();
        private readonly RpcChannel channel;
        private readonly Survivors survivors;
        private readonly Task[] writers;

        public Load(Survivors survivors, RpcChannel channel)
        {
            this.survivors = survivors;
            this.channel = channel;
            writers = [.. Enumerable.Range(0, Writers).Select(_ => survivors.Write(channel, stop.Token))];
        }

        /// <summary>Whether every call so far was answered.</summary>
        public bool IsWhole => writers.All(writer => !writer.IsCompleted);

        /// <summary>Waits until so many more rows were acknowledged.</summary>
        public Task More(int rows)
        {
            var target = survivors.Acknowledged + rows;
            return Until(() => survivors.Acknowledged >= target);
        }

        public async Task Until(Func<bool> condition)
        {
            while (!condition())
            {
                Assert.All(writers, w => Assert.False(w.IsFaulted, $"{w.Exception}"));
                Assert.Contains(writers, w => !w.IsCompleted);
                await Task.Delay(5);
            }
        }

        public async ValueTask DisposeAsync()
        {
            await stop.CancelAsync();
            await Task.WhenAll(writers);
            channel.Dispose();
            stop.Dispose();
        }
    }
}
