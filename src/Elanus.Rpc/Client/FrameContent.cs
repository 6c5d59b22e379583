using System.Net;

namespace Elanus.Rpc.Client;

/// <summary>
/// The one message of a unary call. The handler may send it twice (on another connection) and may still be sending when the answer is there,
/// so the buffer goes back to the pool when the call and every sending of it have ended, whichever is last.
/// </summary>
internal sealed class FrameContent(RpcBytes frame) : HttpContent
{
    // The call itself, and each sending.
    private int users = 1;
    private int disposed;

    protected override Task SerializeToStreamAsync(Stream stream, TransportContext? context) => SerializeToStreamAsync(stream, context, CancellationToken.None);

    protected override async Task SerializeToStreamAsync(Stream stream, TransportContext? context, CancellationToken cancellationToken)
    {
        Enter();
        try
        {
            await stream.WriteAsync(frame.Memory, cancellationToken);
        }
        finally
        {
            Leave();
        }
    }

    protected override bool TryComputeLength(out long length)
    {
        length = 0;
        return false;
    }

    protected override void Dispose(bool disposing)
    {
        if (disposing && Interlocked.Exchange(ref disposed, 1) == 0)
        {
            Leave();
        }

        base.Dispose(disposing);
    }

    private void Enter()
    {
        int seen;
        do
        {
            seen = Volatile.Read(ref users);
            ObjectDisposedException.ThrowIf(seen == 0, this);
        }
        while (Interlocked.CompareExchange(ref users, seen + 1, seen) != seen);
    }

    private void Leave()
    {
        if (Interlocked.Decrement(ref users) == 0)
        {
            frame.Dispose();
        }
    }
}
