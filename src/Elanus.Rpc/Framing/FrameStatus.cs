namespace Elanus.Rpc.Framing;

/// <summary>The statuses that end a call because of how its messages are framed.</summary>
internal static class FrameStatus
{
    /// <summary><paramref name="direction"/> is "received" or "sent"; <paramref name="size"/> in bytes, where it is known.</summary>
    public static RpcStatus TooLarge(string direction, long? size, int bytesMax) => new(
        RpcStatusCode.ResourceExhausted,
        size is null
            ? $"a {direction} message is larger than the limit of {bytesMax} bytes once decompressed"
            : $"a {direction} message of {size} bytes is larger than the limit of {bytesMax} bytes");

    public static RpcStatus Truncated(long got, long expected) => new(
        RpcStatusCode.Internal, $"the stream ended inside a message: {got} of {expected} bytes came");

    public static RpcStatus BadFlag(byte flag) => new(RpcStatusCode.Internal, $"a message starts with the compression flag {flag}; 0 and 1 are legal");

    public static readonly RpcStatus FlagWithoutEncoding = new(
        RpcStatusCode.Internal, "a message is marked as compressed, but no grpc-encoding was named");

    public static readonly RpcStatus NoMessage = new(RpcStatusCode.Internal, "the call carries no message where it must carry one");

    public static readonly RpcStatus SecondMessage = new(RpcStatusCode.Internal, "the call carries a second message where it may carry one only");

    public static RpcStatus Malformed(string type, string why) => new(RpcStatusCode.Internal, $"a message is not a valid {type}: {why}");
}
