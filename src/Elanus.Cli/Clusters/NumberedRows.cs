using System.Globalization;
using System.Runtime.InteropServices;
using Elanus.Milvus.Protocol;
using Elanus.Milvus.Protocol.Common;
using Elanus.Milvus.Protocol.Schema;
using Elanus.Primitives;
using Elanus.Rpc.Client;
using Google.Protobuf;
using CollectionSchema = Elanus.Milvus.Protocol.Schema.CollectionSchema;
using ConsistencyLevel = Elanus.Milvus.Protocol.Common.ConsistencyLevel;
using DataType = Elanus.Milvus.Protocol.Schema.DataType;
using FieldSchema = Elanus.Milvus.Protocol.Schema.FieldSchema;
using KeyValuePair = Elanus.Milvus.Protocol.Common.KeyValuePair;

namespace Elanus.Cli;

/// <summary>
/// A collection whose keys count from 0, and one client that adds to it, one insert at a time, each sent until it is answered: so every key below
/// <see cref="Acknowledged"/> was acknowledged, and what a read must show is known at any moment. A key's vector follows from the key. One task writes, one may make Strong reads and one Session reads.
/// </summary>
internal sealed class NumberedRows(string name, int dimension, IReadOnlyList<RpcChannel> nodes, TimeProvider time)
{
    private const int FillRows = 5_000;
    private const int PageRows = 10_000;

    private readonly ListCaller writer = new(nodes, new SystemRandom(), time);
    private readonly ListCaller reader = new(nodes, new SystemRandom(), time);
    private volatile Written written = new(0, 0);
    private long longest;

    /// <summary>Keys below this one were acknowledged.</summary>
    public long Acknowledged => written.Keys;

    /// <summary>Strong reads: they show what had been acknowledged before they began.</summary>
    public ReadTally Strong { get; } = new();

    /// <summary>Session reads: they show what the writer had been told of when they began.</summary>
    public ReadTally Session { get; } = new();

    public ListCaller Writer => writer;

    public ListCaller Reader => reader;

    /// <summary>The longest time between two acknowledgements since it was last asked for.</summary>
    public TimeSpan TakeLongestGap() => TimeSpan.FromTicks(Interlocked.Exchange(ref longest, 0));

    /// <summary>Makes the collection, with a FLAT index, loaded.</summary>
    public async Task Create(CancellationToken cancel)
    {
        var schema = new CollectionSchema { Name = name };
        schema.Fields.Add(new FieldSchema { Name = "id", DataType = DataType.Int64, IsPrimaryKey = true });
        schema.Fields.Add(new FieldSchema { Name = "v", DataType = DataType.FloatVector, TypeParams = { Pair("dim", dimension.ToString(CultureInfo.InvariantCulture)) } });
        await Plain("CreateCollection", new CreateCollectionRequest { CollectionName = name, Schema = schema.ToByteString() }, cancel);
        await Plain("CreateIndex", new CreateIndexRequest { CollectionName = name, FieldName = "v", ExtraParams = { Pair("index_type", "FLAT"), Pair("metric_type", "L2") } }, cancel);
        await Plain("LoadCollection", new LoadCollectionRequest { CollectionName = name }, cancel);
    }

    /// <summary>Inserts rows in large batches.</summary>
    public async Task Fill(long rows, Action<long> inserted, CancellationToken cancel)
    {
        var end = Acknowledged + rows;
        while (Acknowledged < end)
        {
            await Insert((int)Math.Min(FillRows, end - Acknowledged), cancel);
            inserted(Acknowledged);
        }
    }

    /// <summary>Writes sealed segments down, so that nothing of the past is still being done.</summary>
    public Task Flush(CancellationToken cancel) =>
        writer.Ask<FlushRequest, FlushResponse>("Flush", new() { CollectionNames = { name } }, reply => Why(reply.Status), cancel);

    /// <summary>Inserts with a pause between two of them until it is stopped.</summary>
    public async Task Write(int rows, TimeSpan pause, CancellationToken stop)
    {
        var last = time.GetTimestamp();
        try
        {
            while (true)
            {
                await Insert(rows, stop);
                var now = time.GetTimestamp();
                longest = Math.Max(Interlocked.Read(ref longest), time.GetElapsedTime(last, now).Ticks);
                last = now;
                if (pause > TimeSpan.Zero)
                {
                    await Task.Delay(pause, time, stop);
                }
            }
        }
        catch (OperationCanceledException) when (stop.IsCancellationRequested)
        {
            // An insert under way may have taken effect: it is behind what was acknowledged.
        }
    }

    /// <summary>Reads the newest acknowledged key with a pause between two reads until it is stopped.</summary>
    public Task ReadStrong(TimeSpan pause, CancellationToken stop) =>
        Read(Strong, async newest => (await Query(reader, $"id == {newest.Key}", ConsistencyLevel.Strong, 0, stop)).Contains(newest.Key), pause, stop);

    /// <summary>Reads the newest acknowledged key as its writer's session, of each node in turn while that one answers soon, with a pause between two reads until it is stopped.</summary>
    public Task ReadSession(TimeSpan pause, CancellationToken stop)
    {
        ListCaller[] callers = [.. nodes.Select((_, first) => new ListCaller([.. nodes.Skip(first), .. nodes.Take(first)], new SystemRandom(), time))];
        return Read(
            Session,
            async newest => (await Query(callers[Session.Answered % callers.Length], $"id == {newest.Key}", ConsistencyLevel.Session, newest.Timestamp, stop)).Contains(newest.Key),
            pause,
            stop);
    }

    /// <summary>Searches for the vector of the newest acknowledged key with a pause between two searches until it is stopped: that key is to come first, at no distance.</summary>
    public Task SearchStrong(TimeSpan pause, CancellationToken stop) => Read(Strong, newest => Finds(newest.Key, stop), pause, stop);

    /// <summary>How many acknowledged keys a Strong query does not find, and how many rows are there twice.</summary>
    /// <param name="from">The first key that is looked for.</param>
    /// <param name="cancel">Gives up.</param>
    public async Task<(long Lost, long Doubled)> Check(long from, CancellationToken cancel)
    {
        var end = Acknowledged;
        var found = 0L;
        for (var last = from - 1; ;)
        {
            var ids = await Query(writer, $"id > {last}", ConsistencyLevel.Strong, 0, cancel);
            found += ids.Count(id => id < end);
            if (ids.Count < PageRows)
            {
                break;
            }

            last = ids.Max();
        }

        // A query shows a key once; the count counts rows. An insert that was cut off may have come behind what was acknowledged.
        var counted = await writer.Ask<QueryRequest, QueryResults>(
            "Query",
            new() { CollectionName = name, Expr = $"id >= {from} and id < {end}", ConsistencyLevel = ConsistencyLevel.Strong, OutputFields = { "count(*)" } },
            reply => Why(reply.Status),
            cancel);
        return (end - from - found, counted.FieldsData[0].Scalars.LongData.Data[0] - found);
    }

    /// <summary>One insert of the next keys.</summary>
    public async Task Insert(int rows, CancellationToken cancel)
    {
        var first = Acknowledged;
        var answer = await writer.Ask<InsertRequest, MutationResult>("Insert", Batch(first, rows), reply => Why(reply.Status), cancel);
        written = new(first + rows, answer.Timestamp);
    }

    public InsertRequest Batch(long first, int rows)
    {
        var request = new InsertRequest { CollectionName = name, NumRows = (uint)rows };
        var ids = Enumerable.Range(0, rows).Select(i => first + i);
        request.FieldsData.Add(new FieldData { FieldName = "id", Type = DataType.Int64, Scalars = new() { LongData = new() { Data = { ids } } } });
        request.FieldsData.Add(new FieldData
        {
            FieldName = "v", Type = DataType.FloatVector, Vectors = new() { Dim = dimension, FloatVector = new() { Data = { ids.SelectMany(Vector) } } },
        });
        return request;
    }

    private float[] Vector(long id)
    {
        var bytes = new byte[dimension];
        new SeededRandom((ulong)id).Fill(bytes);
        return Array.ConvertAll(bytes, b => b / 255f);
    }

    private async Task Read(ReadTally tally, Func<(long Key, ulong Timestamp), Task<bool>> shows, TimeSpan pause, CancellationToken stop)
    {
        try
        {
            while (true)
            {
                if (written is { Keys: > 0 } newest)
                {
                    var asked = time.GetTimestamp();
                    tally.Add(await shows((newest.Keys - 1, newest.Timestamp)), time.GetElapsedTime(asked));
                }

                await Task.Delay(pause, time, stop);
            }
        }
        catch (OperationCanceledException) when (stop.IsCancellationRequested)
        {
            // Asked to stop.
        }
    }

    private async Task<bool> Finds(long id, CancellationToken cancel)
    {
        var vector = ByteString.CopyFrom(MemoryMarshal.AsBytes<float>(Vector(id)));
        var request = new SearchRequest
        {
            CollectionName = name,
            PlaceholderGroup = new PlaceholderGroup { Placeholders = { new PlaceholderValue { Tag = "$0", Type = PlaceholderType.FloatVector, Values = { vector } } } }.ToByteString(),
            Nq = 1,
            ConsistencyLevel = ConsistencyLevel.Strong,
            SearchParams = { Pair("anns_field", "v"), Pair("topk", "1"), Pair("metric_type", "L2"), Pair("params", "{}") },
        };
        var found = (await reader.Ask<SearchRequest, SearchResults>("Search", request, reply => Why(reply.Status), cancel)).Results;
        return found.Ids is { IntId.Data: [var first, ..] } && first == id && found.Scores is [0f, ..];
    }

    private async Task<ICollection<long>> Query(ListCaller caller, string filter, ConsistencyLevel level, ulong guarantee, CancellationToken cancel)
    {
        var request = new QueryRequest
        {
            CollectionName = name, Expr = filter, ConsistencyLevel = level, GuaranteeTimestamp = guarantee, OutputFields = { "id" }, QueryParams = { Pair("limit", $"{PageRows}") },
        };
        var page = await caller.Ask<QueryRequest, QueryResults>("Query", request, reply => Why(reply.Status), cancel);
        return page.FieldsData.Single(f => f.FieldName == "id").Scalars.LongData.Data;
    }

    private Task<Status> Plain<TRequest>(string method, TRequest request, CancellationToken cancel)
        where TRequest : class, IMessage<TRequest> => writer.Ask<TRequest, Status>(method, request, Why, cancel);

    private static string? Why(Status status) => status.Code == 0 ? null : status.Reason;

    private static KeyValuePair Pair(string key, string value) => new() { Key = key, Value = value };

    /// <summary>How many keys were acknowledged, and the timestamp of the last insert.</summary>
    private sealed record Written(long Keys, ulong Timestamp);
}
