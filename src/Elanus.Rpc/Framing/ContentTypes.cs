namespace Elanus.Rpc.Framing;

/// <summary>The content types of gRPC: application/grpc, with a subtype behind a plus sign or parameters behind a semicolon.</summary>
internal static class ContentTypes
{
    public const string Grpc = "application/grpc";

    private const string Protobuf = "+proto";

    public static bool IsGrpc(string? contentType) => IsOneOf(contentType, Grpc) || IsOneOf(contentType, Grpc + "+", prefix: true);

    /// <summary>Whether the messages are protobuf, as they are by default.</summary>
    public static bool IsProtobuf(string? contentType) => IsOneOf(contentType, Grpc) || IsOneOf(contentType, Grpc + Protobuf);

    private static bool IsOneOf(string? contentType, string name, bool prefix = false) =>
        contentType is not null
        && contentType.StartsWith(name, StringComparison.OrdinalIgnoreCase)
        && (prefix || contentType.Length == name.Length || contentType[name.Length] is ';' or ' ');
}
