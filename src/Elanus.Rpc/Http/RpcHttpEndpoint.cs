using Elanus.Rpc.Framing;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace Elanus.Rpc.Http;

/// <summary>
/// Serves gRPC calls that arrive as HTTP/2 requests. Stands first in the pipeline and needs no routing: what is not gRPC passes on.
/// Any thread.
/// </summary>
public sealed class RpcHttpEndpoint(RpcServer server, RpcLimits limits, TimeProvider time, ILogger logger)
{
    /// <summary>A pipeline that answers gRPC here and leaves the rest to <paramref name="rest"/>.</summary>
    public RequestDelegate Before(RequestDelegate rest) => context => IsGrpc(context.Request) ? Serve(context) : rest(context);

    public static bool IsGrpc(HttpRequest request) => ContentTypes.IsGrpc(request.ContentType);

    /// <summary>Serves one call; completes when its status is on the way.</summary>
    public async Task Serve(HttpContext http)
    {
        if (Refusal(http.Request) is { } code)
        {
            http.Response.StatusCode = code;
            return;
        }

        var path = http.Request.Path.Value ?? "";
        var handler = server.Find(path);
        if (handler is null)
        {
            HttpServerCall.Refuse(http.Response, server.Unknown(path));
            return;
        }

        var started = time.GetTimestamp();
        var opened = HttpServerCall.Open(handler.Method, http, limits, time);
        if (!opened.TryGet(out var call, out var status))
        {
            HttpServerCall.Refuse(http.Response, status);
            return;
        }

        RpcMetrics.CallStarted();
        try
        {
            status = await server.Run(handler, call);
        }
        catch (Exception why)
        {
            status = call.StatusOf(why, logger);
        }

        call.Finish(status);
        RpcMetrics.CallEnded(handler.Method, status.Code, time.GetElapsedTime(started));
        if (!status.IsOk)
        {
            logger.CallEnded(path, call.Peer, status.Code, status.Message);
        }
    }

    /// <summary>The HTTP status of a request that is not a well-formed call at all, or null.</summary>
    private static int? Refusal(HttpRequest request) =>
        !HttpProtocol.IsHttp2(request.Protocol) ? StatusCodes.Status426UpgradeRequired
        : !HttpMethods.IsPost(request.Method) ? StatusCodes.Status405MethodNotAllowed
        : !ContentTypes.IsProtobuf(request.ContentType) ? StatusCodes.Status415UnsupportedMediaType
        : null;
}
