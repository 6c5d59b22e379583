using Google.Protobuf;

namespace Elanus.Rpc;

/// <summary>
/// What a handler of raw calls answers: a message, bytes that are one already, or a status. An owner, where given, is disposed once
/// the bytes are sent.
/// </summary>
public readonly struct RpcReply
{
    private RpcReply(RpcPayload payload, IDisposable? owner, RpcStatus status)
    {
        Payload = payload;
        Owner = owner;
        Status = status;
    }

    internal RpcPayload Payload { get; }

    internal IDisposable? Owner { get; }

    internal RpcStatus Status { get; }

    public static RpcReply Of(IMessage message) => new(RpcPayload.Of(message), null, default);

    /// <summary>A serialised message of the method's output type.</summary>
    public static RpcReply Of(ReadOnlyMemory<byte> serialised, IDisposable? owner = null) => new(RpcPayload.Of(serialised), owner, default);

    public static RpcReply Fail(RpcStatus status) => new(default, null, status);

    public static RpcReply Fail(RpcStatusCode code, string message) => Fail(new(code, message));

    public static implicit operator RpcReply(RpcStatus status) => Fail(status);
}
