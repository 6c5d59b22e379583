using Google.Protobuf;

namespace Elanus.Rpc;

/// <summary>The messages that a handler streams to its client. One writer at a time.</summary>
public sealed class RpcWriter<T>
    where T : class, IMessage<T>
{
    private readonly RpcServerCall call;

    internal RpcWriter(RpcServerCall call) => this.call = call;

    /// <summary>Sends the response headers before any message, so that the client knows it is being served.</summary>
    public ValueTask SendHeaders() => call.SendHeaders();

    /// <summary>Sends a message; completes when the client's flow control has taken it.</summary>
    public ValueTask Write(T message) => call.Write(RpcPayload.Of(message), flush: true);
}
