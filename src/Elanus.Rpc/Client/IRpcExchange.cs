namespace Elanus.Rpc;

/// <summary>
/// The client's end of a streaming call. One reader and one writer at a time, which may be two threads. Disposing it before its end
/// cancels the call, and so does cancelling a single read or write.
/// </summary>
public interface IRpcExchange : IAsyncDisposable
{
    /// <summary>How the call ended; asked for before a read came to the end, it is a bug and throws.</summary>
    RpcStatus Status { get; }

    /// <summary>The trailers; empty before the end.</summary>
    RpcMetadata Trailers { get; }

    /// <summary>The response headers, once they are there; empty where the call ended without.</summary>
    ValueTask<RpcMetadata> Headers(CancellationToken cancel);

    /// <summary>Sends a message; false where the call has ended already, and reading on tells how.</summary>
    ValueTask<bool> Write(RpcPayload message, CancellationToken cancel);

    /// <summary>Says that no more messages follow.</summary>
    ValueTask EndWrites(CancellationToken cancel);

    /// <summary>The next message, which the taker disposes, or null at the end; then <see cref="Status"/> tells how it ended.</summary>
    ValueTask<RpcBytes?> Read(CancellationToken cancel);
}
