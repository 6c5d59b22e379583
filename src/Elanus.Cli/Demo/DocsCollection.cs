using System.Runtime.InteropServices;
using Elanus.Milvus.Protocol;
using Elanus.Milvus.Protocol.Common;
using Elanus.Milvus.Protocol.Schema;
using Elanus.Primitives;
using Elanus.Rpc;
using Google.Protobuf;
using Google.Protobuf.Reflection;
using DataType = Elanus.Milvus.Protocol.Schema.DataType;
using FieldSchema = Elanus.Milvus.Protocol.Schema.FieldSchema;

namespace Elanus.Cli;

/// <summary>
/// The members as a collection of a server, over its gRPC port. The collection counts as complete once an alias stands for it, so that
/// what an interrupted insert left behind is never asked.
/// </summary>
internal sealed class DocsCollection(IRpcCaller server)
{
    private const string Collection = "net_docs";
    private const string Complete = "net_docs_complete";
    private const int NameLengthMax = 4096;

    private static readonly ServiceDescriptor Service = Elanus.Milvus.CallRoutes.Service;
    private static readonly RpcMethod<DescribeAliasRequest, DescribeAliasResponse> DescribeAlias = new(Service, "DescribeAlias");
    private static readonly RpcMethod<CreateAliasRequest, Status> CreateAlias = new(Service, "CreateAlias");
    private static readonly RpcMethod<DropCollectionRequest, Status> DropCollection = new(Service, "DropCollection");
    private static readonly RpcMethod<CreateCollectionRequest, Status> CreateCollection = new(Service, "CreateCollection");
    private static readonly RpcMethod<CreateIndexRequest, Status> CreateIndex = new(Service, "CreateIndex");
    private static readonly RpcMethod<LoadCollectionRequest, Status> LoadCollection = new(Service, "LoadCollection");
    private static readonly RpcMethod<InsertRequest, MutationResult> InsertRows = new(Service, "Insert");
    private static readonly RpcMethod<FlushRequest, FlushResponse> FlushRows = new(Service, "Flush");
    private static readonly RpcMethod<SearchRequest, SearchResults> SearchRows = new(Service, "Search");

    /// <summary>Whether all members are there.</summary>
    public async Task<Result<bool>> IsComplete(CancellationToken cancel)
    {
        var answer = await server.Call(DescribeAlias, new() { Alias = Complete }, cancel);
        return answer.IsOk ? answer.Value.Status.Code == 0 : Unreachable(answer.Status);
    }

    /// <summary>Makes the collection anew, empty, indexed and loaded.</summary>
    public async Task<Result<Unit>> Create(CancellationToken cancel)
    {
        var schema = new Elanus.Milvus.Protocol.Schema.CollectionSchema { Name = Collection, Description = "The documentation of .NET's own API" };
        schema.Fields.Add(new FieldSchema { Name = "id", DataType = DataType.Int64, IsPrimaryKey = true });
        schema.Fields.Add(new FieldSchema { Name = "member", DataType = DataType.VarChar, TypeParams = { Pair("max_length", $"{NameLengthMax}") } });
        schema.Fields.Add(new FieldSchema { Name = "text", DataType = DataType.VarChar, TypeParams = { Pair("max_length", $"{NameLengthMax}") } });
        schema.Fields.Add(new FieldSchema { Name = "vector", DataType = DataType.FloatVector, TypeParams = { Pair("dim", $"{TextEmbedder.Dimension}") } });
        (string What, Func<ValueTask<RpcResult<Status>>> Call)[] steps =
        [
            ("dropping what an earlier try left", () => server.Call(DropCollection, new() { CollectionName = Collection }, cancel)),
            ("creating the collection", () => server.Call(CreateCollection, new() { CollectionName = Collection, Schema = schema.ToByteString(), ShardsNum = 1 }, cancel)),
            ("indexing it", () => server.Call(CreateIndex, new() { CollectionName = Collection, FieldName = "vector", ExtraParams = { Pair("index_type", "FLAT"), Pair("metric_type", "IP") } }, cancel)),
            ("loading it", () => server.Call(LoadCollection, new() { CollectionName = Collection, ReplicaNumber = 1 }, cancel)),
        ];
        foreach (var (what, call) in steps)
        {
            if (Fault(what, await call(), s => s) is { } failure)
            {
                return failure;
            }
        }

        return Result.Ok;
    }

    /// <summary>Adds members whose keys begin at <paramref name="first"/>.</summary>
    public async Task<Result<Unit>> Insert(long first, IReadOnlyList<ApiMember> members, CancellationToken cancel)
    {
        var keys = new LongArray();
        var names = new StringArray();
        var texts = new StringArray();
        var vectors = new FloatArray();
        for (var i = 0; i < members.Count; i++)
        {
            keys.Data.Add(first + i);
            names.Data.Add(members[i].Name is { Length: <= NameLengthMax / 4 } name ? name : members[i].Name[..(NameLengthMax / 4)]);
            texts.Data.Add(members[i].Text);
            vectors.Data.AddRange(TextEmbedder.Embed(members[i]));
        }

        var request = new InsertRequest { CollectionName = Collection, NumRows = (uint)members.Count };
        request.FieldsData.Add(new FieldData { FieldName = "id", Type = DataType.Int64, Scalars = new() { LongData = keys } });
        request.FieldsData.Add(new FieldData { FieldName = "member", Type = DataType.VarChar, Scalars = new() { StringData = names } });
        request.FieldsData.Add(new FieldData { FieldName = "text", Type = DataType.VarChar, Scalars = new() { StringData = texts } });
        request.FieldsData.Add(new FieldData { FieldName = "vector", Type = DataType.FloatVector, Vectors = new() { Dim = TextEmbedder.Dimension, FloatVector = vectors } });
        return Fault("inserting", await server.Call(InsertRows, request, cancel), r => r.Status) is { } failure ? failure : Result.Ok;
    }

    /// <summary>Seals what was inserted and says that it is all.</summary>
    public async Task<Result<Unit>> Finish(CancellationToken cancel)
    {
        if (Fault("flushing", await server.Call(FlushRows, new() { CollectionNames = { Collection } }, cancel), r => r.Status) is { } failure)
        {
            return failure;
        }

        var named = await server.Call(CreateAlias, new() { CollectionName = Collection, Alias = Complete }, cancel);
        return Fault("naming the collection", named, s => s) is { } refused ? refused : Result.Ok;
    }

    /// <summary>The members nearest to a question, the best first.</summary>
    public async Task<Result<IReadOnlyList<FoundMember>>> Ask(string question, int limit, CancellationToken cancel)
    {
        var vector = MemoryMarshal.AsBytes<float>(TextEmbedder.Embed(question));
        var group = new PlaceholderGroup { Placeholders = { new PlaceholderValue { Tag = "$0", Type = PlaceholderType.FloatVector, Values = { ByteString.CopyFrom(vector) } } } };
        var request = new SearchRequest
        {
            CollectionName = Complete,
            PlaceholderGroup = group.ToByteString(),
            DslType = DslType.BoolExprV1,
            Nq = 1,
            ConsistencyLevel = ConsistencyLevel.Strong,
            OutputFields = { "member", "text" },
            SearchParams = { Pair("anns_field", "vector"), Pair("topk", $"{limit}"), Pair("metric_type", "IP"), Pair("params", "{}") },
        };
        var answer = await server.Call(SearchRows, request, cancel);
        if (Fault("asking", answer, r => r.Status) is { } failure)
        {
            return failure;
        }

        var found = answer.Value.Results;
        var columns = found.FieldsData.ToDictionary(f => f.FieldName, f => f.Scalars.StringData.Data);
        return Result<IReadOnlyList<FoundMember>>.Ok([.. found.Scores.Select((score, i) => new FoundMember(columns["member"][i], columns["text"][i], score))]);
    }

    private static Elanus.Milvus.Protocol.Common.KeyValuePair Pair(string key, string value) => new() { Key = key, Value = value };

    private static Failure Unreachable(RpcStatus status) => new(FailureCode.Unavailable, $"the server does not answer: {status}");

    private static Failure? Fault<T>(string what, RpcResult<T> answer, Func<T, Status> status)
        where T : class =>
        !answer.IsOk ? Unreachable(answer.Status)
        : status(answer.Value) is { Code: not 0 } refused ? new(FailureCode.Unexpected, $"{what}: {refused.Reason}")
        : null;
}
