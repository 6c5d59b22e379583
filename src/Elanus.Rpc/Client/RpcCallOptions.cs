namespace Elanus.Rpc;

/// <summary>What one call asks for beside its message.</summary>
public sealed record RpcCallOptions
{
    public static readonly RpcCallOptions None = new();

    /// <summary>How long the caller waits; the server is told. Null waits for as long as it takes.</summary>
    public TimeSpan? Timeout { get; init; }

    /// <summary>Not changed while calls use it.</summary>
    public RpcMetadata? Headers { get; init; }

    /// <summary>Whether messages are compressed, above a size where it pays.</summary>
    public bool Compress { get; init; }
}
