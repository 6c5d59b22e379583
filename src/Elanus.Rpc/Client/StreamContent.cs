using System.Net;

namespace Elanus.Rpc.Client;

/// <summary>
/// The messages of a streaming call. An empty flush sends the request's headers; the stream is then handed to the writer, and stays open until
/// the writer has ended or the call has.
/// </summary>
internal sealed class StreamContent : HttpContent
{
    private readonly TaskCompletionSource<Stream?> opened = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly TaskCompletionSource finished = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>Where to write; null where the call ended before it could be sent.</summary>
    public Task<Stream?> Opened => opened.Task;

    /// <summary>No more messages follow.</summary>
    public void Finish()
    {
        opened.TrySetResult(null);
        finished.TrySetResult();
    }

    protected override Task SerializeToStreamAsync(Stream stream, TransportContext? context) => SerializeToStreamAsync(stream, context, CancellationToken.None);

    protected override async Task SerializeToStreamAsync(Stream stream, TransportContext? context, CancellationToken cancellationToken)
    {
        await stream.FlushAsync(cancellationToken);
        if (!opened.TrySetResult(stream) && !finished.Task.IsCompleted)
        {
            // Messages may have gone out on the first attempt; only the caller knows whether they may be repeated.
            throw new IOException("a streaming call cannot be moved to another connection");
        }

        await finished.Task;
    }

    protected override bool TryComputeLength(out long length)
    {
        length = 0;
        return false;
    }
}
