using System.Net;

namespace Elanus.Server;

/// <summary>
/// The body of one attempt, which knows whether any of it was asked for: a node does nothing before it has it. Once an attempt was given up that had not begun, it never begins. Any thread.
/// </summary>
internal sealed class HeldContent(ReadOnlyMemory<byte> body) : HttpContent
{
    private const int Waits = 0;
    private const int Begun = 1;
    private const int GivenUp = 2;

    private int state;

    /// <summary>True where nothing of it was sent; then nothing will be.</summary>
    public bool GiveUp() => Interlocked.CompareExchange(ref state, GivenUp, Waits) != Begun;

    protected override bool TryComputeLength(out long length)
    {
        length = body.Length;
        return true;
    }

    protected override Task SerializeToStreamAsync(Stream stream, TransportContext? context) => SerializeToStreamAsync(stream, context, CancellationToken.None);

    /// <summary>More than once where the handler begins anew on another connection.</summary>
    protected override async Task SerializeToStreamAsync(Stream stream, TransportContext? context, CancellationToken cancellationToken)
    {
        if (Interlocked.CompareExchange(ref state, Begun, Waits) == GivenUp)
        {
            throw new IOException("the attempt was given up before any of its call was sent");
        }

        await stream.WriteAsync(body, cancellationToken);
    }
}
