using Google.Protobuf;
using Google.Protobuf.Reflection;

namespace Elanus.Rpc;

/// <summary>The messages that a client streams to a handler, in order. One reader at a time.</summary>
public sealed class RpcReader<T>
    where T : class, IMessage<T>
{
    private readonly RpcServerCall call;
    private readonly MessageDescriptor type;

    internal RpcReader(RpcServerCall call)
    {
        this.call = call;
        type = call.Method.Descriptor.InputType;
    }

    /// <summary>The next message, or null once the client has ended its side. A broken stream throws <see cref="RpcException"/>, which ends the call.</summary>
    public async ValueTask<T?> Read() => (T?)await call.ReadMessage(type);
}
