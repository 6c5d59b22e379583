using Google.Protobuf;

namespace Elanus.Rpc;

/// <summary>A streaming call with typed messages; see <see cref="IRpcExchange"/> for its rules.</summary>
public sealed class RpcExchange<TRequest, TResponse> : IAsyncDisposable
    where TRequest : class, IMessage<TRequest>
    where TResponse : class, IMessage<TResponse>
{
    private readonly IRpcExchange exchange;
    private readonly RpcMethod method;
    private RpcStatus? malformed;

    internal RpcExchange(IRpcExchange exchange, RpcMethod method)
    {
        this.exchange = exchange;
        this.method = method;
    }

    /// <summary>How the call ended; asked for before a read came to the end, it is a bug and throws.</summary>
    public RpcStatus Status => malformed ?? exchange.Status;

    public RpcMetadata Trailers => exchange.Trailers;

    public ValueTask<RpcMetadata> Headers(CancellationToken cancel) => exchange.Headers(cancel);

    /// <summary>Sends a message; false where the call has ended already.</summary>
    public ValueTask<bool> Write(TRequest message, CancellationToken cancel) => exchange.Write(RpcPayload.Of(message), cancel);

    public ValueTask EndWrites(CancellationToken cancel) => exchange.EndWrites(cancel);

    /// <summary>The next message, or null at the end; then <see cref="Status"/> tells how it ended.</summary>
    public async ValueTask<TResponse?> Read(CancellationToken cancel)
    {
        if (malformed is not null)
        {
            return null;
        }

        using var bytes = await exchange.Read(cancel);
        if (bytes is null)
        {
            return null;
        }

        if (RpcCalls.Parse<TResponse>(method, bytes.Memory).TryGet(out var message, out var fault))
        {
            return message;
        }

        // What the server sends cannot be understood: the call is over.
        malformed = fault;
        await exchange.DisposeAsync();
        return null;
    }

    public ValueTask DisposeAsync() => exchange.DisposeAsync();
}
