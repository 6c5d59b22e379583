using Elanus.Rpc;
using Google.Protobuf;

namespace Elanus.Clients.Etcd;

/// <summary>A stream to one member that ends, instead of throwing, when its caller gives up. Disposing it ends it.</summary>
internal sealed class EtcdStream<TRequest, TResponse>(RpcExchange<TRequest, TResponse> exchange, Action<RpcStatus> ended) : IAsyncDisposable
    where TRequest : class, IMessage<TRequest>
    where TResponse : class, IMessage<TResponse>
{
    /// <summary>False where the stream has ended; reading tells why.</summary>
    public async ValueTask<bool> TryWriteAsync(TRequest message, CancellationToken cancel)
    {
        try
        {
            return await exchange.Write(message, cancel);
        }
        catch (OperationCanceledException) when (cancel.IsCancellationRequested)
        {
            return false;
        }
    }

    /// <summary>The next message; null at the end.</summary>
    public async ValueTask<TResponse?> ReadAsync(CancellationToken cancel)
    {
        try
        {
            if (await exchange.Read(cancel) is { } message)
            {
                return message;
            }

            ended(exchange.Status);
            return null;
        }
        catch (OperationCanceledException) when (cancel.IsCancellationRequested)
        {
            ended(new(RpcStatusCode.Cancelled, "no answer came in time"));
            return null;
        }
    }

    public ValueTask DisposeAsync() => exchange.DisposeAsync();
}
