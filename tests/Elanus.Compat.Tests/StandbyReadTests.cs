using System.Net.Http.Json;
using System.Text.Json;
using Elanus.Milvus.Protocol;
using Elanus.Milvus.Protocol.Common;
using Elanus.Milvus.Protocol.Schema;
using Elanus.Rpc.Client;
using Google.Protobuf;

namespace Elanus.Compat.Tests;

/// <summary>A standby with <c>cluster.reads</c>: it answers what it may, from its own rows and its own indexes.</summary>
public sealed class StandbyReadTests
{
    private const string Collection = "rows";
    private const string Reads = "elanus_cluster_reads";
    private const int Dimension = 8;
    private const int RowsPerInsert = 4_000;
    private const int Inserts = 3;
    private const int Rows = RowsPerInsert * Inserts;

    private static readonly TimeSpan IndexMax = TimeSpan.FromSeconds(60);
    private static readonly TimeSpan AnsweredMax = TimeSpan.FromSeconds(20);

    // A window of nothing: a Bounded read must see everything up to the moment at which it came.
    [Fact]
    public Task A_standby_answers_reads_that_are_not_Strong_itself_and_as_fresh_as_they_ask() => ClusterPair.Undisturbed(Reading, ("CLUSTER_READS", "true"), ("COMMON_GRACEFULTIME", "0"));

    private static async Task Reading(ClusterPair pair)
    {
        using var channel = Survivors.Open(pair.Second);
        await Create(channel);
        for (var insert = 0; insert < Inserts; insert++)
        {
            var written = await Insert(channel, insert * RowsPerInsert);
            var rows = (insert + 1) * RowsPerInsert;
            foreach (var (level, guarantee) in new[] { (ConsistencyLevel.Session, written), (ConsistencyLevel.Bounded, 0UL) })
            {
                await AnsweredHere(pair, async () => Assert.Equal(rows, await Count(channel, level, guarantee)));
            }
        }

        var answered = await ClusterPair.Metric(pair.Second, Reads);
        Assert.Equal(Rows, await Count(channel, ConsistencyLevel.Strong, 0));
        Assert.Equal(answered, await ClusterPair.Metric(pair.Second, Reads));

        // A moment that is not yet: the active refuses what lies too far ahead, and says so itself.
        Assert.Equal(-1, await Count(channel, ConsistencyLevel.Session, ulong.MaxValue));
        Assert.Equal(answered, await ClusterPair.Metric(pair.Second, Reads));

        // The standby builds the index of what is flushed as the active does, and searches with it.
        await Survivors.Call<FlushRequest, FlushResponse>(channel, "Flush", new() { CollectionNames = { Collection } });
        await Indexed(Path.Combine(pair.Second.Folder, "data", "segments"));
        using var http = new HttpClient { BaseAddress = new Uri($"http://{pair.Second.Address}") };
        await AnsweredHere(pair, async () =>
        {
            var found = await Rest(http, "search", new { collectionName = Collection, data = new[] { Vector(77) }, annsField = "v", limit = 1, consistencyLevel = "Eventually" });
            Assert.Equal("77", $"{found[0].GetProperty("id")}");
        });
        await AnsweredHere(pair, async () =>
        {
            var got = await Rest(http, "get", new { collectionName = Collection, id = new[] { 5 }, outputFields = new[] { "id" } });
            Assert.Equal("5", $"{got[0].GetProperty("id")}");
        });
    }

    /// <summary>Reads until the standby answers itself: where it does not catch up in time it lets the active answer, which is as right and proves nothing.</summary>
    private static async Task AnsweredHere(ClusterPair pair, Func<Task> read)
    {
        var answered = await ClusterPair.Metric(pair.Second, Reads);
        var until = DateTime.UtcNow + AnsweredMax;
        do
        {
            Assert.True(DateTime.UtcNow < until, $"the standby let the active answer each time:\n{pair.Second.Output}");
            await read();
        }
        while (await ClusterPair.Metric(pair.Second, Reads) == answered);
    }

    private static async Task Create(RpcChannel channel)
    {
        var schema = new CollectionSchema { Name = Collection };
        schema.Fields.Add(new FieldSchema { Name = "id", DataType = DataType.Int64, IsPrimaryKey = true });
        schema.Fields.Add(new FieldSchema { Name = "v", DataType = DataType.FloatVector, TypeParams = { new Milvus.Protocol.Common.KeyValuePair { Key = "dim", Value = $"{Dimension}" } } });
        var create = new CreateCollectionRequest { CollectionName = Collection, Schema = schema.ToByteString(), ConsistencyLevel = ConsistencyLevel.Bounded };
        Assert.Equal(0, (await Survivors.Call<CreateCollectionRequest, Status>(channel, "CreateCollection", create))!.Code);
        var index = new CreateIndexRequest
        {
            CollectionName = Collection,
            FieldName = "v",
            ExtraParams = { new Milvus.Protocol.Common.KeyValuePair { Key = "index_type", Value = "HNSW" }, new Milvus.Protocol.Common.KeyValuePair { Key = "metric_type", Value = "L2" }, new Milvus.Protocol.Common.KeyValuePair { Key = "M", Value = "8" }, new Milvus.Protocol.Common.KeyValuePair { Key = "efConstruction", Value = "32" } },
        };
        Assert.Equal(0, (await Survivors.Call<CreateIndexRequest, Status>(channel, "CreateIndex", index))!.Code);
        Assert.Equal(0, (await Survivors.Call<LoadCollectionRequest, Status>(channel, "LoadCollection", new() { CollectionName = Collection }))!.Code);
    }

    private static async Task<ulong> Insert(RpcChannel channel, int first)
    {
        var ids = Enumerable.Range(first, RowsPerInsert).ToList();
        var insert = new InsertRequest { CollectionName = Collection, NumRows = RowsPerInsert };
        insert.FieldsData.Add(new FieldData { FieldName = "id", Type = DataType.Int64, Scalars = new() { LongData = new() { Data = { ids.Select(id => (long)id) } } } });
        insert.FieldsData.Add(new FieldData
        {
            FieldName = "v",
            Type = DataType.FloatVector,
            Vectors = new() { Dim = Dimension, FloatVector = new() { Data = { ids.SelectMany(Vector) } } },
        });
        var answer = await Survivors.Call<InsertRequest, MutationResult>(channel, "Insert", insert);
        Assert.Equal(0, answer!.Status.Code);
        return answer.Timestamp;
    }

    /// <summary>Rows that are shown; -1 where the call was refused.</summary>
    private static async Task<long> Count(RpcChannel channel, ConsistencyLevel level, ulong guarantee)
    {
        var query = new QueryRequest { CollectionName = Collection, ConsistencyLevel = level, GuaranteeTimestamp = guarantee, OutputFields = { "count(*)" } };
        var answer = await Survivors.Call<QueryRequest, QueryResults>(channel, "Query", query);
        return answer!.Status.Code == 0 ? answer.FieldsData.Single().Scalars.LongData.Data.Single() : -1;
    }

    private static async Task<JsonElement> Rest(HttpClient http, string name, object request)
    {
        var reply = await http.PostAsJsonAsync(new Uri($"/v2/vectordb/entities/{name}", UriKind.Relative), request);
        var answer = await reply.Content.ReadFromJsonAsync<JsonElement>();
        Assert.True(answer.GetProperty("code").GetInt32() == 0, $"{answer}");
        return answer.GetProperty("data");
    }

    private static async Task Indexed(string segments)
    {
        var until = DateTime.UtcNow + IndexMax;
        while (!Directory.EnumerateFiles(segments, "*.idx").Any())
        {
            Assert.True(DateTime.UtcNow < until, string.Join('\n', Directory.EnumerateFiles(segments)));
            await Task.Delay(50);
        }
    }

    private static float[] Vector(int id) => [.. Enumerable.Range(0, Dimension).Select(d => (float)((id * (d + 3)) % 997))];
}
