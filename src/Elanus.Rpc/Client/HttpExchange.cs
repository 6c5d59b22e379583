using System.IO.Pipelines;
using Elanus.Primitives;
using Elanus.Rpc.Framing;

namespace Elanus.Rpc.Client;

/// <summary>
/// A streaming call over one HTTP/2 request. The request is under way from the start; its response is awaited by whoever reads first.
/// The call's end is decided once, by the reader or by a failure to send.
/// </summary>
internal sealed class HttpExchange : IRpcExchange
{
    private readonly HttpMessageInvoker http;
    private readonly HttpRequestMessage request;
    private readonly StreamContent content;
    private readonly bool compress;
    private readonly RpcLimits limits;
    private readonly CallLife life;
    private readonly Task<HttpResponseMessage?> responding;
    private readonly Lock gate = new();
    private PipeReader? pipe;
    private FrameReader? reader;
    private RpcStatus? ended;
    private int disposed;

    public HttpExchange(HttpMessageInvoker http, HttpRequestMessage request, StreamContent content, bool compress, RpcLimits limits, CallLife life)
    {
        this.http = http;
        this.request = request;
        this.content = content;
        this.compress = compress;
        this.limits = limits;
        this.life = life;
        responding = Respond();
    }

    public RpcStatus Status
    {
        get
        {
            var status = Ended;
            Invariant.Holds(status is not null, "the status of a call was asked for before its end was read");
            return status.Value;
        }
    }

    public RpcMetadata Trailers => responding is { IsCompletedSuccessfully: true, Result: { } response }
        ? HttpReplies.Metadata(HttpReplies.Status(response.Headers) is null ? response.TrailingHeaders : response.Headers)
        : new();

    private RpcStatus? Ended
    {
        get
        {
            lock (gate)
            {
                return ended;
            }
        }
    }

    public async ValueTask<RpcMetadata> Headers(CancellationToken cancel)
    {
        using var linked = cancel.UnsafeRegister(Cancel, life);
        var response = await responding;
        cancel.ThrowIfCancellationRequested();
        return response is null || HttpReplies.Status(response.Headers) is not null ? new() : HttpReplies.Metadata(response.Headers);
    }

    public async ValueTask<bool> Write(RpcPayload message, CancellationToken cancel)
    {
        if (message.Size > limits.SendBytesMax)
        {
            End(FrameStatus.TooLarge("sent", message.Size, limits.SendBytesMax));
            life.Cancel();
            return false;
        }

        using var linked = cancel.UnsafeRegister(Cancel, life);
        var stream = await content.Opened;
        if (stream is null || Ended is not null)
        {
            cancel.ThrowIfCancellationRequested();
            return false;
        }

        using var frame = FrameWriter.Frame(message, compress);
        try
        {
            await stream.WriteAsync(frame.Memory, life.Token);
            await stream.FlushAsync(life.Token);
            return true;
        }
        catch (Exception why) when (HttpReplies.Status(why, life) is not null)
        {
            ThrowIfCancelled(cancel);

            // The server has ended the call, or the connection has; reading tells which.
            return false;
        }
    }

    public ValueTask EndWrites(CancellationToken cancel) => EndWritesOnceOpen(cancel);

    public async ValueTask<RpcBytes?> Read(CancellationToken cancel)
    {
        using var linked = cancel.UnsafeRegister(Cancel, life);
        var response = await responding;
        if (response is null || reader is null || pipe is null || Ended is not null)
        {
            ThrowIfCancelled(cancel);
            return null;
        }

        try
        {
            var read = await reader.Read(null, life.Token);
            if (read.Bytes is not null)
            {
                return read.Bytes;
            }

            End(read.IsEnd ? HttpReplies.AtEnd(response) : read.Fault);
            if (!read.IsEnd)
            {
                life.Cancel();
            }
        }
        catch (Exception why) when (HttpReplies.Status(why, life) is not null)
        {
            ThrowIfCancelled(cancel);
            End(HttpReplies.Status(why, life)!.Value);
        }

        content.Finish();
        await pipe.CompleteAsync();
        return null;
    }

    public async ValueTask DisposeAsync()
    {
        if (Interlocked.Exchange(ref disposed, 1) != 0)
        {
            return;
        }

        End(new(RpcStatusCode.Cancelled, "the call was disposed before its end"));

        // Where it has ended already, a write may still be under way.
        life.Cancel();
        content.Finish();
        (await responding)?.Dispose();
        request.Dispose();
        life.Dispose();
    }

    private static void Cancel(object? life) => ((CallLife)life!).Cancel();

    private async ValueTask EndWritesOnceOpen(CancellationToken cancel)
    {
        // Finishing before the headers are out would send none.
        using var linked = cancel.UnsafeRegister(Cancel, life);
        await content.Opened;
        content.Finish();
    }

    private async Task<HttpResponseMessage?> Respond()
    {
        try
        {
            var response = await http.SendAsync(request, life.Token);
            if (HttpReplies.HeadersOnly(response) is { } status)
            {
                End(status);
                content.Finish();
            }
            else
            {
                pipe = PipeReader.Create(await response.Content.ReadAsStreamAsync(life.Token), RpcChannel.Reading);
                reader = new(pipe, limits.ReceiveBytesMax, HttpReplies.IsGzip(response));
            }

            return response;
        }
        catch (Exception why) when (HttpReplies.Status(why, life) is not null)
        {
            End(HttpReplies.Status(why, life)!.Value);
            content.Finish();
            return null;
        }
    }

    private void End(RpcStatus status)
    {
        lock (gate)
        {
            ended ??= status;
        }
    }

    private void ThrowIfCancelled(CancellationToken cancel)
    {
        cancel.ThrowIfCancellationRequested();
        if (life.CallerCancelled)
        {
            throw new OperationCanceledException("the call was cancelled by its caller");
        }
    }
}
