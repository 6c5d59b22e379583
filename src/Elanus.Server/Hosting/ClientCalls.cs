using Elanus.Rpc;
using Elanus.Rpc.Http;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace Elanus.Server;

/// <summary>What answers on the client port: gRPC where the content type says so, REST otherwise.</summary>
internal static class ClientCalls
{
    public static RequestDelegate Over(StandaloneNode node, ServerConfiguration configuration, TimeProvider time, ILoggerFactory logging)
    {
        _ = node;
        var server = new RpcServer([]);
        var limits = new RpcLimits { ReceiveBytesMax = configuration.Limits.ReceivedBytesMax, SendBytesMax = configuration.Limits.SentBytesMax };
        var calls = new RpcHttpEndpoint(server, limits, time, logging.CreateLogger("Elanus.Rpc"));
        return calls.Before(http =>
        {
            http.Response.StatusCode = StatusCodes.Status404NotFound;
            return Task.CompletedTask;
        });
    }
}
