using System.Buffers.Binary;
using Elanus.Coordination;
using Elanus.Log;
using Elanus.Milvus.Protocol;
using Elanus.Milvus.Protocol.Common;
using Elanus.Milvus.Protocol.Schema;
using Elanus.Primitives;
using Elanus.Replication;
using Google.Protobuf;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.Extensions.Logging.Abstractions;
using CollectionSchema = Elanus.Milvus.Protocol.Schema.CollectionSchema;
using DataType = Elanus.Milvus.Protocol.Schema.DataType;
using FieldSchema = Elanus.Milvus.Protocol.Schema.FieldSchema;
using KeyValuePair = Elanus.Milvus.Protocol.Common.KeyValuePair;

namespace Elanus.Server;

/// <summary>
/// What a process does for the first time takes it many times as long: code is compiled, tables are made. A standby that has never been active would do that while clients
/// wait; so it is done before, once, on a node in memory that nobody sees: it claims, opens an epoch, and answers each kind of call. Nothing of it stays.
/// </summary>
internal static class Rehearsal
{
    private const string Service = "/milvus.proto.milvus.MilvusService/";
    private const string Collection = "rehearsal";
    private const int Dimension = 4;

    /// <summary>A version that no record has: what compares it is refused.</summary>
    private static readonly RecordVersion NoVersion = new(long.MaxValue, default);

    /// <param name="configuration">The server's own: the calls are checked as its calls are.</param>
    /// <param name="arbiter">The real one: its connections are made, and asked for something that it refuses.</param>
    /// <param name="seams">The process's own.</param>
    /// <param name="answered">Hears of each call's method and the bytes of its answer.</param>
    /// <param name="stop">Ends it early.</param>
    public static async Task Run(ServerConfiguration configuration, IArbiter arbiter, NodeSeams seams, Action<string, ReadOnlyMemory<byte>> answered, CancellationToken stop)
    {
        await arbiter.ConfirmAsync(configuration.Cluster.Name, NoVersion, new(seams.Random.NextUInt64(), seams.Random.NextUInt64()), stop);
        await using var network = new NobodyElse();
        var membership = new ClusterMembership(Collection, "", "", new InProcessArbiter(new(seams.Time)), _ => network, new());
        var settings = StandaloneHost.Settings(configuration) with { DataPath = "/rehearsal", PasswordRounds = 1, Log = new() { SegmentBytes = 1 << 20 } };
        var started = await StandaloneNode.Start(settings, seams with { Files = new MemoryFileSystem(), AroundLog = null }, membership, stop);
        if (!started.TryGet(out var node, out _))
        {
            return;
        }

        await using (node)
        {
            await node.Active.WaitAsync(stop);
            var calls = ClientCalls.Over(node, configuration with { AuthorizationEnabled = false }, "", seams.Time, NullLoggerFactory.Instance);
            foreach (var (method, request) in Calls())
            {
                answered(method, await Call(calls, method, request, stop));
            }
        }
    }

    private static IEnumerable<(string Method, IMessage Request)> Calls()
    {
        var schema = new CollectionSchema { Name = Collection };
        schema.Fields.Add(new FieldSchema { Name = "id", DataType = DataType.Int64, IsPrimaryKey = true });
        schema.Fields.Add(new FieldSchema { Name = "v", DataType = DataType.FloatVector, TypeParams = { new KeyValuePair { Key = "dim", Value = "4" } } });
        yield return ("CreateCollection", new CreateCollectionRequest { CollectionName = Collection, Schema = schema.ToByteString() });
        yield return ("CreateIndex", new CreateIndexRequest
        {
            CollectionName = Collection,
            FieldName = "v",
            ExtraParams = { new KeyValuePair { Key = "index_type", Value = "FLAT" }, new KeyValuePair { Key = "metric_type", Value = "L2" } },
        });
        yield return ("LoadCollection", new LoadCollectionRequest { CollectionName = Collection });
        yield return ("DescribeCollection", new DescribeCollectionRequest { CollectionName = Collection });
        yield return ("GetLoadState", new GetLoadStateRequest { CollectionName = Collection });
        FieldData ids = new() { FieldName = "id", Type = DataType.Int64, Scalars = new() { LongData = new() { Data = { 1, 2 } } } };
        FieldData vectors = new() { FieldName = "v", Type = DataType.FloatVector, Vectors = new() { Dim = Dimension, FloatVector = new() { Data = { 1, 2, 3, 4, 5, 6, 7, 8 } } } };
        yield return ("Insert", new InsertRequest { CollectionName = Collection, NumRows = 2, FieldsData = { ids, vectors } });
        yield return ("Upsert", new UpsertRequest { CollectionName = Collection, NumRows = 2, FieldsData = { ids, vectors } });
        yield return ("Query", new QueryRequest { CollectionName = Collection, Expr = "id > 0", OutputFields = { "id", "v" }, ConsistencyLevel = Milvus.Protocol.Common.ConsistencyLevel.Strong });
        var query = new PlaceholderGroup { Placeholders = { new PlaceholderValue { Tag = "$0", Type = PlaceholderType.FloatVector, Values = { ByteString.CopyFrom(new byte[Dimension * sizeof(float)]) } } } };
        var search = new SearchRequest { CollectionName = Collection, PlaceholderGroup = query.ToByteString(), Nq = 1, OutputFields = { "id" } };
        search.SearchParams.Add(new KeyValuePair { Key = "topk", Value = "1" });
        yield return ("Search", search);
        yield return ("Delete", new DeleteRequest { CollectionName = Collection, Expr = "id in [1]" });
    }

    private static async Task<ReadOnlyMemory<byte>> Call(RequestDelegate calls, string method, IMessage request, CancellationToken stop)
    {
        var body = new byte[5 + request.CalculateSize()];
        BinaryPrimitives.WriteInt32BigEndian(body.AsSpan(1), body.Length - 5);
        request.WriteTo(body.AsSpan(5));
        var context = new DefaultHttpContext { RequestAborted = stop };
        context.Features.Set<IHttpResponseTrailersFeature>(new Trailers());
        context.Request.Protocol = HttpProtocol.Http2;
        context.Request.Method = HttpMethods.Post;
        context.Request.Path = Service + method;
        context.Request.ContentType = "application/grpc";
        context.Request.Body = new MemoryStream(body);
        var reply = new MemoryStream();
        context.Response.Body = reply;
        await calls(context);
        await context.Response.CompleteAsync();
        return reply.ToArray();
    }

    private sealed class Trailers : IHttpResponseTrailersFeature
    {
        IHeaderDictionary IHttpResponseTrailersFeature.Trailers { get; set; } = new HeaderDictionary();
    }

    /// <summary>A network without other nodes.</summary>
    private sealed class NobodyElse : IPeerNetwork
    {
        public void Open(IPeerSink sink)
        {
            // Nobody will say anything.
        }

        public void Know(Member member)
        {
            // Nobody is reached.
        }

        public ValueTask<bool> SendAsync(NodeId to, PeerMessage message, CancellationToken cancel) => new(false);

        public ValueTask DisposeAsync() => ValueTask.CompletedTask;
    }
}
