using System.Buffers;
using System.IO.Pipelines;
using System.Security.Cryptography.X509Certificates;
using Elanus.Rpc.Framing;
using Google.Protobuf;
using Google.Protobuf.Reflection;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.Server.Kestrel.Core.Features;
using Microsoft.Extensions.Logging;

namespace Elanus.Rpc.Http;

/// <summary>
/// One call over one HTTP/2 stream. The status goes into the trailers, or, where nothing was sent before it, into the headers.
/// Nothing here allocates for what a call does not use: deadline timers, metadata and peer names are made when asked for.
/// </summary>
internal sealed class HttpServerCall : RpcServerCall
{
    // Serialised replies are handed to the connection in slices of this size, so that a large one is not held twice.
    private const int SliceBytes = 256 << 10;

    private readonly HttpContext http;
    private readonly RpcLimits limits;
    private readonly TimeProvider time;
    private readonly FrameReader reader;
    private readonly TimeSpan? timeout;
    private readonly long started;
    private RpcMetadata? requestHeaders;

    // From before a message is received until it is; still set where receiving it failed.
    private bool isReading;
    private CancellationTokenSource? deadline;
    private CancellationTokenRegistration aborted;

    private HttpServerCall(RpcMethod method, HttpContext http, RpcLimits limits, TimeProvider time, TimeSpan? timeout, bool gzip)
        : base(method)
    {
        this.http = http;
        this.limits = limits;
        this.time = time;
        this.timeout = timeout;
        started = time.GetTimestamp();
        reader = new(http.Request.BodyReader, limits.ReceiveBytesMax, gzip);
        CompressReplies = gzip;
    }

    public override RpcMetadata RequestHeaders => requestHeaders ??= HttpMetadata.Read(http.Request.Headers);

    public override DateTimeOffset? Deadline => timeout is { } left ? time.GetUtcNow() + (left - time.GetElapsedTime(started)) : null;

    public override CancellationToken Cancellation => timeout is null ? http.RequestAborted : (deadline ??= StartDeadline(timeout.Value)).Token;

    public override string Peer => HttpMetadata.Peer(http.Connection);

    public override X509Certificate2? ClientCertificate => http.Connection.ClientCertificate;

    // A call without a deadline ends with its connection, which the pipe reports itself.
    private CancellationToken Reading => timeout is null ? CancellationToken.None : Cancellation;

    public override string? Header(string name) => http.Request.Headers.TryGetValue(name, out var value) ? value.ToString() : null;

    /// <summary>The call of a request, or the status that its headers deserve.</summary>
    public static RpcResult<HttpServerCall> Open(RpcMethod method, HttpContext http, RpcLimits limits, TimeProvider time)
    {
        var headers = http.Request.Headers;
        TimeSpan? timeout = null;
        if (headers.TryGetValue(GrpcHeaders.Timeout, out var asked))
        {
            if (!GrpcTimeout.TryParse(asked.ToString(), out var parsed))
            {
                return new RpcStatus(RpcStatusCode.Internal, $"the header {GrpcHeaders.Timeout} is malformed: '{asked}'");
            }

            // Longer than timers count is as good as none.
            timeout = parsed.TotalDays > 24 ? null : parsed;
        }

        var gzip = false;
        if (headers.TryGetValue(GrpcHeaders.Encoding, out var encoding) && encoding != Encodings.Identity)
        {
            gzip = encoding == Gzip.Name;
            if (!gzip)
            {
                http.Response.Headers[GrpcHeaders.AcceptEncoding] = Encodings.Accepted;
                return new RpcStatus(RpcStatusCode.Unimplemented, $"messages encoded as '{encoding}' are not understood; {Encodings.Accepted} are");
            }
        }

        // The runtime has limits of its own, by message; streams may be as long and as slow as they like.
        if (http.Features.Get<IHttpMaxRequestBodySizeFeature>() is { IsReadOnly: false } size)
        {
            size.MaxRequestBodySize = null;
        }

        if (method.Descriptor.IsClientStreaming && http.Features.Get<IHttpMinRequestBodyDataRateFeature>() is { } rate)
        {
            rate.MinDataRate = null;
        }

        return new HttpServerCall(method, http, limits, time, timeout, gzip);
    }

    /// <summary>Ends a request that never became a call: the status stands in the headers.</summary>
    public static void Refuse(HttpResponse response, RpcStatus status)
    {
        response.ContentType = ContentTypes.Grpc;
        WriteStatus(response.Headers, status);
    }

    public override async ValueTask<RpcBytes?> ReadBytes()
    {
        isReading = true;
        var read = await reader.Read(null, Reading);
        isReading = false;
        return Take(read).Bytes;
    }

    public override async ValueTask<IMessage?> ReadMessage(MessageDescriptor type)
    {
        isReading = true;
        var read = await reader.Read(type, Reading);
        isReading = false;
        return Take(read).Message;
    }

    public override async ValueTask<RpcBytes> ReadOnlyBytes()
    {
        isReading = true;
        var bytes = Take(await reader.Read(null, Reading)).Bytes ?? throw new RpcException(FrameStatus.NoMessage);
        if (await reader.ReadEnd(Reading) is { IsOk: false } fault)
        {
            bytes.Dispose();
            throw new RpcException(fault);
        }

        isReading = false;
        return bytes;
    }

    public override async ValueTask<IMessage> ReadOnlyMessage(MessageDescriptor type)
    {
        isReading = true;
        var message = Take(await reader.Read(type, Reading)).Message ?? throw new RpcException(FrameStatus.NoMessage);
        var fault = await reader.ReadEnd(Reading);
        isReading = false;
        return fault.IsOk ? message : throw new RpcException(fault);
    }

    public override async ValueTask Write(RpcPayload payload, bool flush)
    {
        if (payload.Size > limits.SendBytesMax)
        {
            throw new RpcException(FrameStatus.TooLarge("sent", payload.Size, limits.SendBytesMax));
        }

        if (!http.Response.HasStarted)
        {
            await Start();
        }

        var writer = http.Response.BodyWriter;
        if (CompressReplies && payload.Size >= Encodings.CompressedBytesMin)
        {
            using var frame = FrameWriter.Frame(payload, compress: true);
            await WriteSlices(writer, frame.Memory);
        }
        else if (payload.Size > SliceBytes && payload.TryGetBytes(out var serialised))
        {
            FrameWriter.WritePrefix(writer.GetSpan(FrameReader.PrefixBytes), flag: 0, payload.Size);
            writer.Advance(FrameReader.PrefixBytes);
            await WriteSlices(writer, serialised);
        }
        else
        {
            var frame = writer.GetSpan(FrameReader.PrefixBytes + payload.Size);
            FrameWriter.WritePrefix(frame, flag: 0, payload.Size);
            payload.WriteTo(frame.Slice(FrameReader.PrefixBytes, payload.Size));
            writer.Advance(FrameReader.PrefixBytes + payload.Size);
        }

        if (flush)
        {
            await writer.FlushAsync(Cancellation);
        }
    }

    public override async ValueTask SendHeaders()
    {
        if (!http.Response.HasStarted)
        {
            await Start();
        }

        await http.Response.BodyWriter.FlushAsync(Cancellation);
    }

    /// <summary>Ends the call; nothing can be sent after it.</summary>
    public void Finish(RpcStatus status)
    {
        aborted.Dispose();
        deadline?.Dispose();
        var response = http.Response;
        var target = response.HasStarted ? http.Features.Get<IHttpResponseTrailersFeature>()?.Trailers : response.Headers;
        if (target is null)
        {
            return;
        }

        if (!response.HasStarted)
        {
            response.ContentType = ContentTypes.Grpc;
            HttpMetadata.Write(AddedHeaders, target);
        }

        WriteStatus(target, status);
        HttpMetadata.Write(AddedTrailers, target);
    }

    /// <summary>What a call ends with whose handler threw.</summary>
    public RpcStatus StatusOf(Exception why, ILogger logger)
    {
        switch (why)
        {
            case RpcException ended:
                return ended.Status;
            case OperationCanceledException when deadline is { IsCancellationRequested: true } && !http.RequestAborted.IsCancellationRequested:
                return new(RpcStatusCode.DeadlineExceeded, "the deadline passed before the call was served");
            case OperationCanceledException or IOException when http.RequestAborted.IsCancellationRequested:
            case IOException when isReading:
                // The pipe may tell that the client reset the stream before the abort is signalled.
                logger.ClientWentAway(Method.Path, Peer);
                return new(RpcStatusCode.Cancelled, "the client went away");
            case BadHttpRequestException bad:
                return new(RpcStatusCode.Internal, $"the request broke off: {bad.Message}");
            default:
                logger.HandlerFailed(why, Method.Path, Peer);
                return new(RpcStatusCode.Unknown, "the server failed while it served the call; its log says how");
        }
    }

    private static FrameRead Take(FrameRead read) => read.Fault.IsOk ? read : throw new RpcException(read.Fault);

    private static void WriteStatus(IHeaderDictionary target, RpcStatus status)
    {
        target[GrpcHeaders.Status] = GrpcHeaders.StatusValue(status.Code);
        if (!string.IsNullOrEmpty(status.Message))
        {
            target[GrpcHeaders.Message] = StatusText.Encode(status.Message);
        }
    }

    /// <summary>Decides the response headers; they leave with the first flush, or with the end.</summary>
    private Task Start()
    {
        var response = http.Response;
        response.ContentType = ContentTypes.Grpc;
        CompressReplies = CompressReplies && Encodings.AcceptsGzip(http.Request.Headers[GrpcHeaders.AcceptEncoding]);
        if (CompressReplies)
        {
            response.Headers[GrpcHeaders.Encoding] = Gzip.Name;
        }

        HttpMetadata.Write(AddedHeaders, response.Headers);
        return response.StartAsync();
    }

    private async ValueTask WriteSlices(PipeWriter writer, ReadOnlyMemory<byte> bytes)
    {
        for (; bytes.Length > SliceBytes; bytes = bytes[SliceBytes..])
        {
            await writer.WriteAsync(bytes[..SliceBytes], Cancellation);
        }

        writer.Write(bytes.Span);
    }

    private CancellationTokenSource StartDeadline(TimeSpan given)
    {
        var left = given - time.GetElapsedTime(started);
        var source = left > TimeSpan.Zero ? new CancellationTokenSource(left, time) : new CancellationTokenSource();
        if (left <= TimeSpan.Zero)
        {
            source.Cancel();
        }

        aborted = http.RequestAborted.UnsafeRegister(static state => ((CancellationTokenSource)state!).Cancel(), source);
        return source;
    }
}
