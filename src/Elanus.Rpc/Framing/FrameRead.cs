using Google.Protobuf;

namespace Elanus.Rpc.Framing;

/// <summary>What reading one message came to: a parsed message, its bytes (then the taker disposes them), a fault, or the end.</summary>
internal readonly struct FrameRead
{
    private FrameRead(IMessage? message, RpcBytes? bytes, RpcStatus fault)
    {
        Message = message;
        Bytes = bytes;
        Fault = fault;
    }

    public IMessage? Message { get; }

    public RpcBytes? Bytes { get; }

    /// <summary>Not Ok where the stream does not carry what it should; nothing more can be read then.</summary>
    public RpcStatus Fault { get; }

    public bool IsEnd => Message is null && Bytes is null && Fault.IsOk;

    public static FrameRead Of(IMessage message) => new(message, null, default);

    public static FrameRead Of(RpcBytes bytes) => new(null, bytes, default);

    public static implicit operator FrameRead(RpcStatus fault) => new(null, null, fault);
}
