using Elanus.Replication;
using Elanus.Rpc;
using Elanus.Rpc.Http;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace Elanus.Server;

/// <summary>
/// What answers on the client port of a member: other nodes' messages and questions about this node here; everything else here while it is active, and
/// at the active otherwise.
/// </summary>
internal sealed class ClusterCalls
{
    private readonly RpcHttpEndpoint own;
    private readonly RequestDelegate elsewhere;
    private readonly RequestDelegate here;
    private volatile bool answers;
    private int inside;

    /// <param name="peers">Takes other nodes' messages.</param>
    /// <param name="operations">Answers operators.</param>
    /// <param name="here">Answers clients from this node's roles.</param>
    /// <param name="elsewhere">Answers clients while this node is not active.</param>
    public ClusterCalls(RpcService peers, RpcService operations, RequestDelegate here, RequestDelegate elsewhere, TimeProvider time, ILoggerFactory logging)
    {
        this.here = here;
        this.elsewhere = elsewhere;
        var server = new RpcServer([peers, operations], _ => new(RpcStatus.Ok));
        own = new(server, new() { ReceiveBytesMax = int.MaxValue, SendBytesMax = int.MaxValue }, time, logging.CreateLogger("Elanus.Rpc"));
    }

    /// <summary>Calls of clients that are being answered, passed on or held here now.</summary>
    public int InProgress => Volatile.Read(ref inside);

    /// <summary>From now on clients' calls are answered here.</summary>
    public void Answer() => answers = true;

    /// <summary>From now on clients' calls are passed on, or held.</summary>
    public void PassOn() => answers = false;

    public async Task Serve(HttpContext http)
    {
        if (IsOwn(http.Request.Path.Value ?? ""))
        {
            await own.Serve(http);
            return;
        }

        Interlocked.Increment(ref inside);
        try
        {
            await (answers || IsAboutThisNode(http.Request.Path.Value ?? "") ? here(http) : elsewhere(http));
        }
        finally
        {
            Interlocked.Decrement(ref inside);
        }
    }

    /// <summary>What Milvus's tools ask each node about itself.</summary>
    private static bool IsAboutThisNode(string path) => path is "/milvus.proto.milvus.MilvusService/GetComponentStates" or "/milvus.proto.milvus.MilvusService/CheckHealth";

    private static bool IsOwn(string path) =>
        path.StartsWith($"/{RpcPeerNetwork.ServiceName}/", StringComparison.Ordinal) || path.StartsWith($"/{NodeOperations.ServiceName}/", StringComparison.Ordinal);
}
