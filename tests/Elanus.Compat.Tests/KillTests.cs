using System.Collections.Concurrent;
using Elanus.Milvus.Protocol;
using Elanus.Milvus.Protocol.Schema;
using Elanus.Rpc;
using Elanus.Rpc.Client;
using Google.Protobuf;

namespace Elanus.Compat.Tests;

/// <summary>kill -9 at random moments under load: every insert that was answered is there after the next start.</summary>
public sealed class KillTests
{
    private const int Kills = 20;
    private const int Writers = 4;
    private const int RowsPerInsert = 10;
    internal const string Collection = "survivors";

    [Fact]
    public async Task Every_acknowledged_row_survives_twenty_kills()
    {
        var random = new Random(20);
        var acknowledged = new ConcurrentBag<long>();
        long next = 0;
        var server = await ServerProcess.Start(new Dictionary<string, string>());
        try
        {
            using (var channel = Open(server))
            {
                await Create(channel);
            }

            for (var kill = 0; kill < Kills; kill++)
            {
                var target = acknowledged.Count + random.Next(1, 400);
                using var stop = new CancellationTokenSource();
                using var channel = Open(server);
                var writers = Enumerable.Range(0, Writers).Select(_ => Write(channel, () => Interlocked.Add(ref next, RowsPerInsert), acknowledged, stop.Token)).ToArray();
                while (acknowledged.Count < target)
                {
                    await Task.Delay(5);
                    Assert.All(writers, w => Assert.False(w.IsFaulted, $"{w.Exception}"));
                }

                // The writers go on while the process dies: some of their calls are cut in the middle.
                server = await server.KillAndRestart();
                await stop.CancelAsync();
                await Task.WhenAll(writers);
            }

            using var last = Open(server);
            var found = await Ids(last);
            Assert.Empty(acknowledged.Except(found));
            Assert.True(found.Count <= Interlocked.Read(ref next), "rows are there that nobody inserted");
        }
        finally
        {
            await server.DisposeAsync();
        }
    }

    internal static RpcChannel Open(ServerProcess server) => new(new Uri($"http://{server.Address}"), new());

    internal static async Task Create(RpcChannel channel)
    {
        var schema = new CollectionSchema { Name = Collection };
        schema.Fields.Add(new FieldSchema { Name = "id", DataType = DataType.Int64, IsPrimaryKey = true });
        var vector = new FieldSchema { Name = "v", DataType = DataType.FloatVector };
        vector.TypeParams.Add(new Milvus.Protocol.Common.KeyValuePair { Key = "dim", Value = "2" });
        schema.Fields.Add(vector);
        var created = await Call<CreateCollectionRequest, Milvus.Protocol.Common.Status>(
            channel, "CreateCollection", new() { CollectionName = Collection, Schema = schema.ToByteString() });
        Assert.Equal(0, created!.Code);
        var index = new CreateIndexRequest { CollectionName = Collection, FieldName = "v" };
        index.ExtraParams.Add(new Milvus.Protocol.Common.KeyValuePair { Key = "index_type", Value = "FLAT" });
        index.ExtraParams.Add(new Milvus.Protocol.Common.KeyValuePair { Key = "metric_type", Value = "L2" });
        Assert.Equal(0, (await Call<CreateIndexRequest, Milvus.Protocol.Common.Status>(channel, "CreateIndex", index))!.Code);
        Assert.Equal(0, (await Call<LoadCollectionRequest, Milvus.Protocol.Common.Status>(channel, "LoadCollection", new() { CollectionName = Collection }))!.Code);
    }

    private static async Task Write(RpcChannel channel, Func<long> take, ConcurrentBag<long> acknowledged, CancellationToken stop)
    {
        while (!stop.IsCancellationRequested)
        {
            var last = take();
            var ids = Enumerable.Range(0, RowsPerInsert).Select(i => last - i).ToArray();
            var insert = new InsertRequest { CollectionName = Collection, NumRows = RowsPerInsert };
            insert.FieldsData.Add(new FieldData { FieldName = "id", Type = DataType.Int64, Scalars = new() { LongData = new() { Data = { ids } } } });
            insert.FieldsData.Add(new FieldData
            {
                FieldName = "v",
                Type = DataType.FloatVector,
                Vectors = new() { Dim = 2, FloatVector = new() { Data = { ids.SelectMany(id => new[] { (float)id, 0 }) } } },
            });
            if (await Call<InsertRequest, MutationResult>(channel, "Insert", insert) is not { } answer)
            {
                return;
            }

            Assert.Equal(0, answer.Status.Code);
            foreach (var id in ids)
            {
                acknowledged.Add(id);
            }
        }
    }

    internal static async Task<HashSet<long>> Ids(RpcChannel channel)
    {
        var found = new HashSet<long>();
        for (var from = long.MinValue + 1; ;)
        {
            var query = new QueryRequest { CollectionName = Collection, Expr = $"id > {from}", ConsistencyLevel = Milvus.Protocol.Common.ConsistencyLevel.Strong };
            query.OutputFields.Add("id");
            query.QueryParams.Add(new Milvus.Protocol.Common.KeyValuePair { Key = "limit", Value = "10000" });
            var page = await Call<QueryRequest, QueryResults>(channel, "Query", query);
            Assert.Equal(0, page!.Status.Code);
            var ids = page.FieldsData.Single(f => f.FieldName == "id").Scalars.LongData.Data;
            found.UnionWith(ids);
            if (ids.Count < 10_000)
            {
                return found;
            }

            from = ids[^1];
        }
    }

    /// <summary>The reply, or null where the connection broke.</summary>
    internal static async Task<TReply?> Call<TRequest, TReply>(RpcChannel channel, string name, TRequest request)
        where TRequest : class, IMessage<TRequest>, new()
        where TReply : class, IMessage<TReply>, new()
    {
        var service = ServiceReflection.Descriptor.Services.Single(s => s.Name == "MilvusService");
        var result = await channel.Call(new RpcMethod<TRequest, TReply>(service, name), request, CancellationToken.None);
        return result.TryGet(out var reply, out _) ? reply : null;
    }
}
