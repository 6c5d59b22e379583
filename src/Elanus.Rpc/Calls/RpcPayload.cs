using Google.Protobuf;

namespace Elanus.Rpc;

/// <summary>A message on its way out: one still to be serialised, or bytes that already are.</summary>
public readonly struct RpcPayload
{
    private readonly IMessage? message;
    private readonly ReadOnlyMemory<byte> bytes;

    private RpcPayload(IMessage? message, ReadOnlyMemory<byte> bytes)
    {
        this.message = message;
        this.bytes = bytes;
        Size = message?.CalculateSize() ?? bytes.Length;
    }

    /// <summary>Bytes on the wire, before compression and without the frame's prefix.</summary>
    public int Size { get; }

    public static RpcPayload Of(IMessage message) => new(message, default);

    /// <summary>A serialised message; the memory must stay as it is until the write has completed.</summary>
    public static RpcPayload Of(ReadOnlyMemory<byte> serialised) => new(null, serialised);

    /// <summary>The bytes where they exist already; false for a message that is still to be serialised.</summary>
    internal bool TryGetBytes(out ReadOnlyMemory<byte> serialised)
    {
        serialised = bytes;
        return message is null;
    }

    /// <summary>Writes exactly <see cref="Size"/> bytes.</summary>
    internal void WriteTo(Span<byte> target)
    {
        if (message is null)
        {
            bytes.Span.CopyTo(target);
        }
        else
        {
            message.WriteTo(target);
        }
    }
}
