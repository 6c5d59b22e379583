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
    private readonly CallForwarder forwarder;
    private volatile RequestDelegate? local;
    private RequestDelegate? here;
    private int inside;

    public ClusterCalls(RpcService peers, RpcService operations, CallForwarder forwarder, TimeProvider time, ILoggerFactory logging)
    {
        this.forwarder = forwarder;
        var server = new RpcServer([peers, operations], _ => new(RpcStatus.Ok));
        own = new(server, new() { ReceiveBytesMax = int.MaxValue, SendBytesMax = int.MaxValue }, time, logging.CreateLogger("Elanus.Rpc"));
    }

    /// <summary>Calls of clients that are being answered, passed on or held here now.</summary>
    public int InProgress => Volatile.Read(ref inside);

    /// <summary>From now on clients' calls are answered here.</summary>
    public void Answer(RequestDelegate calls) => local = here = calls;

    /// <summary>From now on clients' calls are passed on, or held.</summary>
    public void PassOn() => local = null;

    /// <summary>Nobody took over: clients' calls are answered here again.</summary>
    public void AnswerAgain() => local = here;

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
            await (local is { } calls ? calls(http) : forwarder.Serve(http));
        }
        finally
        {
            Interlocked.Decrement(ref inside);
        }
    }

    private static bool IsOwn(string path) =>
        path.StartsWith($"/{RpcPeerNetwork.ServiceName}/", StringComparison.Ordinal) || path.StartsWith($"/{NodeOperations.ServiceName}/", StringComparison.Ordinal);
}
