using System.IO.Pipelines;
using System.Net;
using Elanus.Rpc.Framing;

namespace Elanus.Rpc.Client;

/// <summary>
/// Calls to one address over HTTP/2, by prior knowledge on http and by ALPN on https. Connections are made when they are needed, shared by
/// calls, and made anew when they are lost. Any thread.
/// </summary>
public sealed class RpcChannel : IRpcCaller, IDisposable
{
    /// <summary>What a reply may have on its way unread; the handler would grow to it by itself, at the cost of the first large replies.</summary>
    private const int StreamWindowBytes = 4 << 20;

    // Replies are read from their stream in pieces of this size.
    private const int PieceBytes = 32 << 10;

    internal static readonly StreamPipeReaderOptions Reading = new(bufferSize: PieceBytes, minimumReadSize: PieceBytes / 4);

    private readonly Uri address;
    private readonly RpcChannelOptions options;
    private readonly HttpMessageInvoker http;

    /// <param name="address">http://host:port or https://host:port.</param>
    /// <param name="options">How to reach it.</param>
    public RpcChannel(Uri address, RpcChannelOptions? options = null)
    {
        this.address = address;
        this.options = options ?? new();
        var handler = new SocketsHttpHandler
        {
            UseProxy = false,
            UseCookies = false,
            AllowAutoRedirect = false,
            AutomaticDecompression = DecompressionMethods.None,
            ActivityHeadersPropagator = null,
            EnableMultipleHttp2Connections = true,
            InitialHttp2StreamWindowSize = StreamWindowBytes,
            ConnectTimeout = this.options.ConnectTimeout,
            KeepAlivePingTimeout = this.options.KeepAlivePingTimeout,
            KeepAlivePingDelay = this.options.KeepAlivePingDelay ?? Timeout.InfiniteTimeSpan,
            KeepAlivePingPolicy = HttpKeepAlivePingPolicy.WithActiveRequests,
        };
        if (this.options.Tls is { } tls)
        {
            handler.SslOptions = tls.Options();
        }

        http = new(handler, disposeHandler: true);
    }

    public async ValueTask<RpcAnswer> CallRaw(RpcMethod method, RpcPayload request, RpcCallOptions options, CancellationToken cancel)
    {
        if (request.Size > this.options.Limits.SendBytesMax)
        {
            return new(FrameStatus.TooLarge("sent", request.Size, this.options.Limits.SendBytesMax));
        }

        using var life = new CallLife(options.Timeout, this.options.Time, cancel);
        using var message = Request(method, new FrameContent(FrameWriter.Frame(request, options.Compress)), options);
        try
        {
            using var response = await http.SendAsync(message, life.Token);
            return await Answer(response, life.Token);
        }
        catch (Exception why) when (HttpReplies.Status(why, life) is not null)
        {
            cancel.ThrowIfCancellationRequested();
            return new(HttpReplies.Status(why, life)!.Value) { NeverSent = HttpReplies.NeverSent(why) };
        }
    }

    public IRpcExchange OpenRaw(RpcMethod method, RpcCallOptions options, CancellationToken cancel)
    {
        var content = new StreamContent();
        return new HttpExchange(http, Request(method, content, options), content, options.Compress, this.options.Limits, new(options.Timeout, this.options.Time, cancel));
    }

    /// <summary>Ends all calls and connections.</summary>
    public void Dispose() => http.Dispose();

    private async ValueTask<RpcAnswer> Answer(HttpResponseMessage response, CancellationToken cancel)
    {
        if (HttpReplies.HeadersOnly(response) is { } status)
        {
            return new(status.IsOk ? FrameStatus.NoMessage : status, null, null, () => HttpReplies.Metadata(response.Headers));
        }

        var pipe = PipeReader.Create(await response.Content.ReadAsStreamAsync(cancel), Reading);
        var reader = new FrameReader(pipe, options.Limits.ReceiveBytesMax, HttpReplies.IsGzip(response));
        RpcBytes? reply = null;
        try
        {
            var read = await reader.Read(null, cancel);
            reply = read.Bytes;
            status = !read.Fault.IsOk ? read.Fault
                : reply is not null && await reader.ReadEnd(cancel) is { IsOk: false } fault ? fault
                : HttpReplies.AtEnd(response);
            if (status.IsOk && reply is null)
            {
                status = FrameStatus.NoMessage;
            }

            var taken = status.IsOk ? reply : null;
            reply = status.IsOk ? null : reply;
            return new(status, taken, () => HttpReplies.Metadata(response.Headers), () => HttpReplies.Metadata(response.TrailingHeaders));
        }
        finally
        {
            reply?.Dispose();
            await pipe.CompleteAsync();
        }
    }

    private HttpRequestMessage Request(RpcMethod method, HttpContent content, RpcCallOptions call)
    {
        var request = new HttpRequestMessage(HttpMethod.Post, new Uri(address, method.Path))
        {
            Version = HttpVersion.Version20,
            VersionPolicy = HttpVersionPolicy.RequestVersionExact,
            Content = content,
        };
        content.Headers.TryAddWithoutValidation("Content-Type", ContentTypes.Grpc);
        var headers = request.Headers;
        headers.TryAddWithoutValidation("TE", "trailers");
        headers.TryAddWithoutValidation(GrpcHeaders.AcceptEncoding, Encodings.Accepted);
        if (call.Compress)
        {
            headers.TryAddWithoutValidation(GrpcHeaders.Encoding, Gzip.Name);
        }

        if (call.Timeout is { } timeout)
        {
            headers.TryAddWithoutValidation(GrpcHeaders.Timeout, GrpcTimeout.Format(timeout));
        }

        foreach (var entry in call.Headers ?? Enumerable.Empty<RpcMetadataEntry>())
        {
            headers.TryAddWithoutValidation(entry.Key, entry.Wire);
        }

        return request;
    }
}
