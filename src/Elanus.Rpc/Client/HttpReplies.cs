using System.Net;
using System.Net.Http.Headers;
using System.Net.Sockets;
using Elanus.Rpc.Framing;

namespace Elanus.Rpc.Client;

/// <summary>What HTTP's answers and failures mean for a call.</summary>
internal static class HttpReplies
{
    /// <summary>The status that stands in headers or trailers, or null.</summary>
    public static RpcStatus? Status(HttpResponseHeaders headers)
    {
        if (!headers.NonValidated.TryGetValues(GrpcHeaders.Status, out var status))
        {
            return null;
        }

        var code = GrpcHeaders.ParseStatus(status.ToString());
        return code == RpcStatusCode.Ok ? RpcStatus.Ok
            : new(code, headers.NonValidated.TryGetValues(GrpcHeaders.Message, out var message) ? StatusText.Decode(message.ToString()) : null);
    }

    /// <summary>The status of an answer that carries no messages: one in the headers, or one that HTTP implies; null where messages follow.</summary>
    public static RpcStatus? HeadersOnly(HttpResponseMessage response)
    {
        if (Status(response.Headers) is { } status)
        {
            return status;
        }

        if (response.StatusCode != HttpStatusCode.OK)
        {
            return new(Code(response.StatusCode), $"the server answered with HTTP status {(int)response.StatusCode}");
        }

        return response.Content.Headers.NonValidated.TryGetValues("Content-Type", out var type) && ContentTypes.IsGrpc(type.ToString())
            ? null
            : new(RpcStatusCode.Unknown, "what answered does not speak gRPC: its content type is another");
    }

    /// <summary>The status at the end of a stream that was read to its end.</summary>
    public static RpcStatus AtEnd(HttpResponseMessage response) =>
        Status(response.TrailingHeaders) ?? new(RpcStatusCode.Internal, "the server ended the call without a status");

    public static bool IsGzip(HttpResponseMessage response) =>
        response.Headers.NonValidated.TryGetValues(GrpcHeaders.Encoding, out var encoding) && encoding.ToString() == Gzip.Name;

    public static RpcMetadata Metadata(HttpResponseHeaders headers)
    {
        var metadata = new RpcMetadata();
        foreach (var (key, values) in headers.NonValidated)
        {
            foreach (var value in Http.HttpMetadata.IsOwn(key) ? default : values)
            {
                if (!metadata.TryAddWire(key, value))
                {
                    throw new RpcException(RpcStatusCode.Internal, $"the binary metadata '{key}' is not base64");
                }
            }
        }

        return metadata;
    }

    /// <summary>The status of a call that a failure of the network ended; null for exceptions that are something else.</summary>
    public static RpcStatus? Status(Exception why, CallLife life) => why switch
    {
        OperationCanceledException when life.Expired => new(RpcStatusCode.DeadlineExceeded, "the deadline passed before the call was answered"),
        OperationCanceledException { InnerException: TimeoutException timeout } => new(RpcStatusCode.Unavailable, timeout.Message),
        _ when Protocol(why) is { } protocol => new(Code(protocol.ErrorCode), $"the call was reset: {protocol.Message}"),
        HttpRequestException or IOException or ObjectDisposedException or SocketException => new(RpcStatusCode.Unavailable, why.InnerException is { } inner ? $"{why.Message}: {inner.Message}" : why.Message),
        OperationCanceledException when life.IsOver => new(RpcStatusCode.Cancelled, "the call was cancelled"),
        OperationCanceledException => new(RpcStatusCode.Unavailable, "the connection broke while the call was sent"),
        _ => null,
    };

    /// <summary>
    /// Whether the failure is that of a connection that did not come about (the only wait of the handler's own that ends by time is for one). The handler lets a bare
    /// <see cref="SocketException"/> through where a connection was reset before it looked at it: whoever listened has just ended.
    /// </summary>
    public static bool NeverSent(Exception why) => why
        is SocketException
        or HttpRequestException { HttpRequestError: HttpRequestError.ConnectionError or HttpRequestError.NameResolutionError or HttpRequestError.SecureConnectionError }
        or OperationCanceledException { InnerException: TimeoutException };

    private static HttpProtocolException? Protocol(Exception? why)
    {
        while (why is not null and not HttpProtocolException)
        {
            why = why.InnerException;
        }

        return (HttpProtocolException?)why;
    }

    // HTTP/2's error codes, as the protocol maps them.
    private static RpcStatusCode Code(long http2Error) => http2Error switch
    {
        0x7 => RpcStatusCode.Unavailable,
        0x8 => RpcStatusCode.Cancelled,
        0xb => RpcStatusCode.ResourceExhausted,
        0xc => RpcStatusCode.PermissionDenied,
        _ => RpcStatusCode.Internal,
    };

    private static RpcStatusCode Code(HttpStatusCode status) => status switch
    {
        HttpStatusCode.BadRequest => RpcStatusCode.Internal,
        HttpStatusCode.Unauthorized => RpcStatusCode.Unauthenticated,
        HttpStatusCode.Forbidden => RpcStatusCode.PermissionDenied,
        HttpStatusCode.NotFound => RpcStatusCode.Unimplemented,
        HttpStatusCode.TooManyRequests or HttpStatusCode.BadGateway or HttpStatusCode.ServiceUnavailable or HttpStatusCode.GatewayTimeout => RpcStatusCode.Unavailable,
        _ => RpcStatusCode.Unknown,
    };
}
