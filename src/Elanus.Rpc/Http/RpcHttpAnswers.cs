using Elanus.Rpc.Framing;
using Google.Protobuf;
using Microsoft.AspNetCore.Http;

namespace Elanus.Rpc.Http;

/// <summary>Answers to gRPC requests that never become a call of this server: it is not ready for them, or passed them on in vain.</summary>
public static class RpcHttpAnswers
{
    /// <summary>Ends the request with a status alone.</summary>
    public static void Refuse(HttpContext http, RpcStatus status) => HttpServerCall.Refuse(http.Response, status);

    /// <summary>Answers one message and OK.</summary>
    public static async Task Reply(HttpContext http, IMessage message)
    {
        http.Response.ContentType = ContentTypes.Grpc;
        using var frame = FrameWriter.Frame(RpcPayload.Of(message), compress: false);
        await http.Response.BodyWriter.WriteAsync(frame.Memory, http.RequestAborted);
        http.Response.AppendTrailer(GrpcHeaders.Status, GrpcHeaders.StatusValue(RpcStatusCode.Ok));
    }
}
