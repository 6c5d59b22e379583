namespace Elanus.Rpc;

/// <summary>Largest messages, in bytes after decompression; a larger one ends its call with RESOURCE_EXHAUSTED.</summary>
public sealed record RpcLimits
{
    /// <summary>The server's defaults, which are Milvus's: 64 MiB in, 256 MiB out.</summary>
    public static readonly RpcLimits Server = new() { ReceiveBytesMax = 64 << 20, SendBytesMax = 256 << 20 };

    /// <summary>A client's defaults mirror the server's.</summary>
    public static readonly RpcLimits Client = new() { ReceiveBytesMax = 256 << 20, SendBytesMax = 64 << 20 };

    public required int ReceiveBytesMax { get; init; }

    public required int SendBytesMax { get; init; }
}
