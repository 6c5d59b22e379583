namespace Elanus.Rpc.Framing;

/// <summary>The message encodings that this runtime speaks.</summary>
internal static class Encodings
{
    public const string Identity = "identity";

    /// <summary>The value of grpc-accept-encoding.</summary>
    public const string Accepted = Identity + "," + Gzip.Name;

    /// <summary>Messages smaller than this are not worth compressing.</summary>
    public const int CompressedBytesMin = 1024;

    public static bool AcceptsGzip(string? acceptEncoding) =>
        acceptEncoding is not null && acceptEncoding.Contains(Gzip.Name, StringComparison.OrdinalIgnoreCase)
        && acceptEncoding.Split(',', StringSplitOptions.TrimEntries).Contains(Gzip.Name, StringComparer.OrdinalIgnoreCase);
}
