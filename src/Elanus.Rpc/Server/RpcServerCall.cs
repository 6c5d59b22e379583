using Google.Protobuf;
using Google.Protobuf.Reflection;

namespace Elanus.Rpc;

/// <summary>
/// The server's end of one call, whatever carries it: its context, the messages that come and the messages that go. Faults of the
/// caller's stream (truncated, oversize, malformed) end the call by <see cref="RpcException"/>. One reader and one writer at a time.
/// </summary>
public abstract class RpcServerCall(RpcMethod method) : RpcContext(method)
{
    /// <summary>The next message as bytes that the caller disposes, or null at the end.</summary>
    public abstract ValueTask<RpcBytes?> ReadBytes();

    /// <summary>The next message, or null at the end.</summary>
    public abstract ValueTask<IMessage?> ReadMessage(MessageDescriptor type);

    /// <summary>The one message of a call that may carry one only.</summary>
    public abstract ValueTask<RpcBytes> ReadOnlyBytes();

    /// <summary>The one message of a call that may carry one only.</summary>
    public abstract ValueTask<IMessage> ReadOnlyMessage(MessageDescriptor type);

    /// <summary>Sends a message; <paramref name="flush"/> says whether it must go out before the call ends.</summary>
    public abstract ValueTask Write(RpcPayload payload, bool flush);

    /// <summary>Sends the response headers ahead of any message.</summary>
    public abstract ValueTask SendHeaders();
}
