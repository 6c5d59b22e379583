using Elanus.Engine;
using Elanus.Milvus.Protocol;
using Elanus.Milvus.Protocol.Schema;
using Elanus.Server;
using Google.Protobuf;

namespace Elanus.Milvus.Tests.Calls;

/// <summary>A node over files in memory, and the calls on it. Tests of one class share it, so each takes collections of its own.</summary>
#pragma warning disable CA1001 // The test runner disposes it through IAsyncLifetime.
public sealed class Standalone : IAsyncLifetime
#pragma warning restore CA1001
{
    public static readonly CallScope Scope = new();

    private readonly PooledWork work = new(1);
    private StandaloneNode? node;
    private int names;

    public Limits Limits { get; init; } = new();

    public Proxy Proxy => node!.Roles.Proxy;

    public ServerIdentity Identity { get; } = new() { Version = "0.1.0", Node = new(ulong.MaxValue), Address = "127.0.0.1:19530", Started = DateTimeOffset.UnixEpoch };

    public ServerHealth Health { get; set; } = ServerHealth.Good;

    public ServerCalls Server => new(Proxy, Identity, () => Health);

    public CollectionCalls Collections => new(Proxy);

    public CollectionViews Views => new(Proxy);

    public PartitionCalls Partitions => new(Proxy);

    public IndexCalls Indexes => new(Proxy);

    public LoadCalls Loads => new(Proxy);

    public WriteCalls Writes => new(Proxy);

    public QueryCalls Queries => new(Proxy);

    public SearchCalls Searches => new(Proxy);

    public async Task InitializeAsync()
    {
        var seams = new NodeSeams(new MemoryFileSystem(), TimeProvider.System, new SystemRandom(), work);
        var started = await StandaloneNode.Start(new() { DataPath = "data", Limits = Limits }, seams, CancellationToken.None);
        Assert.True(started.TryGet(out node, out var failure), failure?.ToString());
    }

    public async Task DisposeAsync()
    {
        await node!.DisposeAsync();
        await work.DisposeAsync();
    }

    /// <summary>A name that no other test of the class has.</summary>
    public string Name(string begin = "c") => $"{begin}_{Interlocked.Increment(ref names)}";

    /// <summary>Makes a collection with an Int64 key <c>id</c>, a float vector <c>v</c> of two dimensions, and the given fields.</summary>
    public async Task<string> Collection(bool dynamic = false, bool loaded = true, params Protocol.Schema.FieldSchema[] more)
    {
        var name = Name();
        var schema = new Protocol.Schema.CollectionSchema
        {
            Name = name,
            EnableDynamicField = dynamic,
            Fields =
            {
                new Protocol.Schema.FieldSchema { Name = "id", DataType = Protocol.Schema.DataType.Int64, IsPrimaryKey = true },
                new Protocol.Schema.FieldSchema { Name = "v", DataType = Protocol.Schema.DataType.FloatVector, TypeParams = { Pair("dim", "2") } },
                more,
            },
        };
        Ok(await Collections.Create(
            new() { CollectionName = name, Schema = schema.ToByteString(), ConsistencyLevel = Protocol.Common.ConsistencyLevel.Strong }, Scope));
        if (loaded)
        {
            Ok(await Indexes.Create(new() { CollectionName = name, FieldName = "v", ExtraParams = { Pair("index_type", "FLAT"), Pair("metric_type", "L2") } }, Scope));
            Ok(await Loads.LoadCollection(new() { CollectionName = name }, Scope));
        }

        return name;
    }

    /// <summary>Inserts rows with the given keys; a row's vector is (key, 0).</summary>
    public async Task<MutationResult> Insert(string collection, long[] keys, params FieldData[] more)
    {
        var request = new InsertRequest { CollectionName = collection, NumRows = (uint)keys.Length };
        request.FieldsData.Add(Longs("id", keys));
        request.FieldsData.Add(Floats("v", 2, [.. keys.SelectMany(k => (float[])[k, 0f])]));
        request.FieldsData.AddRange(more);
        var reply = await Writes.Insert(request.ToByteArray(), Scope);
        Ok(reply.Status);
        return reply;
    }

    public async Task<SearchResults> Search(byte[] request, CallScope scope) => SearchResults.Parser.ParseFrom((await Searches.Search(request, scope)).Span);

    public async Task<SearchResults> Hybrid(HybridSearchRequest request, CallScope scope) =>
        SearchResults.Parser.ParseFrom((await Searches.Hybrid(request, scope)).Span);

    public static void Ok(Protocol.Common.Status status)
    {
        Assert.Equal("", status.Reason);
        Assert.Equal((0, Protocol.Common.ErrorCode.Success), (status.Code, status.ErrorCode));
    }

    public static void Refused(int code, string part, Protocol.Common.Status status)
    {
        Assert.Contains(part, status.Reason, StringComparison.Ordinal);
        Assert.Equal(code, status.Code);
        Assert.NotEqual(Protocol.Common.ErrorCode.Success, status.ErrorCode);
    }

    public static Protocol.Common.KeyValuePair Pair(string key, string value) => new() { Key = key, Value = value };

    public static FieldData Longs(string name, params long[] values) =>
        new() { FieldName = name, Type = Protocol.Schema.DataType.Int64, Scalars = new() { LongData = new() { Data = { values } } } };

    public static FieldData Texts(string name, params string[] values) =>
        new() { FieldName = name, Type = Protocol.Schema.DataType.VarChar, Scalars = new() { StringData = new() { Data = { values } } } };

    public static FieldData Floats(string name, int dimension, float[] values) =>
        new() { FieldName = name, Type = Protocol.Schema.DataType.FloatVector, Vectors = new() { Dim = dimension, FloatVector = new() { Data = { values } } } };

    public static FieldData Meta(params string[] documents) => new()
    {
        FieldName = "$meta",
        IsDynamic = true,
        Type = Protocol.Schema.DataType.Json,
        Scalars = new() { JsonData = new() { Data = { documents.Select(ByteString.CopyFromUtf8) } } },
    };

    /// <summary>The placeholder group of float queries.</summary>
    public static ByteString Vectors(params float[][] queries) => new Protocol.Common.PlaceholderGroup
    {
        Placeholders =
        {
            new Protocol.Common.PlaceholderValue
            {
                Tag = "$0",
                Type = Protocol.Common.PlaceholderType.FloatVector,
                Values = { queries.Select(q => ByteString.CopyFrom(System.Runtime.InteropServices.MemoryMarshal.AsBytes<float>(q))) },
            },
        },
    }.ToByteString();
}
