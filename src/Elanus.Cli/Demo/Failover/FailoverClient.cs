using Elanus.Milvus.Protocol;
using Elanus.Milvus.Protocol.Common;
using Elanus.Milvus.Protocol.Schema;
using Elanus.Primitives;
using Elanus.Roles;
using Elanus.Rpc;
using Elanus.Rpc.Client;
using Google.Protobuf;
using Google.Protobuf.Reflection;
using CollectionSchema = Elanus.Milvus.Protocol.Schema.CollectionSchema;
using ConsistencyLevel = Elanus.Milvus.Protocol.Common.ConsistencyLevel;
using DataType = Elanus.Milvus.Protocol.Schema.DataType;
using KeyValuePair = Elanus.Milvus.Protocol.Common.KeyValuePair;
using FieldSchema = Elanus.Milvus.Protocol.Schema.FieldSchema;

namespace Elanus.Cli;

/// <summary>
/// A client that holds a list of nodes: a call that one does not answer goes to the next, a write under the same request id. It notes every id
/// whose insert was answered, and how long it went without an answer. One task writes.
/// </summary>
internal sealed class FailoverClient(IReadOnlyList<RpcChannel> nodes, TimeProvider time)
{
    private const string Collection = "failover";
    private const int RowsPerInsert = 10;
    private const int Dimension = 8;
    private const int PageRows = 10_000;

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(2);
    private static readonly TimeSpan TryAgain = TimeSpan.FromMilliseconds(5);

    private static readonly ServiceDescriptor Service = Elanus.Milvus.CallRoutes.Service;
    private static readonly RpcMethod<CreateCollectionRequest, Status> CreateCollection = new(Service, "CreateCollection");
    private static readonly RpcMethod<CreateIndexRequest, Status> CreateIndex = new(Service, "CreateIndex");
    private static readonly RpcMethod<LoadCollectionRequest, Status> LoadCollection = new(Service, "LoadCollection");
    private static readonly RpcMethod<InsertRequest, MutationResult> Insert = new(Service, "Insert");
    private static readonly RpcMethod<QueryRequest, QueryResults> Query = new(Service, "Query");

    private readonly SystemRandom random = new();
    private readonly HashSet<long> acknowledged = [];
    private long next;
    private int at;
    private long longest;

    public int Acknowledged => acknowledged.Count;

    /// <summary>The longest time without an answer since it was last asked for.</summary>
    public TimeSpan TakeLongestGap() => TimeSpan.FromTicks(Interlocked.Exchange(ref longest, 0));

    public async Task<Failure?> Create(CancellationToken cancel)
    {
        var schema = new CollectionSchema { Name = Collection };
        schema.Fields.Add(new FieldSchema { Name = "id", DataType = DataType.Int64, IsPrimaryKey = true });
        schema.Fields.Add(new FieldSchema { Name = "v", DataType = DataType.FloatVector, TypeParams = { Pair("dim", $"{Dimension}") } });
        var index = new CreateIndexRequest { CollectionName = Collection, FieldName = "v", ExtraParams = { Pair("index_type", "FLAT"), Pair("metric_type", "L2") } };
        return Wrong(await nodes[0].Call(CreateCollection, new() { CollectionName = Collection, Schema = schema.ToByteString() }, cancel))
            ?? Wrong(await nodes[0].Call(CreateIndex, index, cancel))
            ?? Wrong(await nodes[0].Call(LoadCollection, new() { CollectionName = Collection }, cancel));
    }

    /// <summary>Inserts without a pause until it is stopped.</summary>
    public async Task Write(CancellationToken stop)
    {
        var last = time.GetTimestamp();
        while (!stop.IsCancellationRequested)
        {
            var ids = Enumerable.Range(0, RowsPerInsert).Select(_ => next++).ToArray();
            var request = new InsertRequest { CollectionName = Collection, NumRows = RowsPerInsert };
            request.FieldsData.Add(new FieldData { FieldName = "id", Type = DataType.Int64, Scalars = new() { LongData = new() { Data = { ids } } } });
            var vectors = ids.SelectMany(id => Enumerable.Range(0, Dimension).Select(d => (float)(id + d)));
            request.FieldsData.Add(new FieldData { FieldName = "v", Type = DataType.FloatVector, Vectors = new() { Dim = Dimension, FloatVector = new() { Data = { vectors } } } });
            var id = new RpcMetadata().Add(RequestIdentity.Header, new RequestId(random.NextUInt64(), random.NextUInt64()).ToString());
            while (!stop.IsCancellationRequested)
            {
                var answer = await nodes[at % nodes.Count].Call(Insert, request, new() { Timeout = Patience, Headers = id }, CancellationToken.None);
                if (answer.TryGet(out var result, out _) && result.Status.Code == 0)
                {
                    acknowledged.UnionWith(ids);
                    var now = time.GetTimestamp();
                    longest = Math.Max(Interlocked.Read(ref longest), time.GetElapsedTime(last, now).Ticks);
                    last = now;
                    break;
                }

                at++;
                await Task.Delay(TryAgain, time, CancellationToken.None);
            }
        }
    }

    /// <summary>How many of the acknowledged ids a Strong query does not find.</summary>
    public async Task<Result<int>> Lost(CancellationToken cancel)
    {
        var found = new HashSet<long>();
        for (var from = -1L; ;)
        {
            var request = new QueryRequest
            {
                CollectionName = Collection,
                Expr = $"id > {from}",
                ConsistencyLevel = ConsistencyLevel.Strong,
                OutputFields = { "id" },
                QueryParams = { Pair("limit", $"{PageRows}") },
            };
            var answer = await nodes[at % nodes.Count].Call(Query, request, cancel);
            if (!answer.TryGet(out var page, out var status) || page.Status.Code != 0)
            {
                return new Failure(FailureCode.Unavailable, $"the rows could not be read back: {(answer.IsOk ? answer.Value.Status.Reason : status.Message)}");
            }

            var ids = page.FieldsData.Single(f => f.FieldName == "id").Scalars.LongData.Data;
            found.UnionWith(ids);
            if (ids.Count < PageRows)
            {
                return acknowledged.Count(id => !found.Contains(id));
            }

            from = ids[^1];
        }
    }

    private static Failure? Wrong(RpcResult<Status> answer) =>
        !answer.TryGet(out var status, out var why) ? new(FailureCode.Unavailable, why.Message ?? "no answer")
        : status.Code != 0 ? new(FailureCode.Internal, status.Reason)
        : null;

    private static KeyValuePair Pair(string key, string value) => new() { Key = key, Value = value };
}
