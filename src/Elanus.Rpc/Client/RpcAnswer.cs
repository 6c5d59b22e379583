namespace Elanus.Rpc;

/// <summary>
/// The end of a call with one reply: its status, where that is Ok the reply's bytes (valid until Dispose), and the metadata around it.
/// </summary>
public sealed class RpcAnswer : IDisposable
{
    private readonly RpcBytes? message;
    private readonly Func<RpcMetadata>? headers;
    private readonly Func<RpcMetadata>? trailers;
    private RpcMetadata? readHeaders;
    private RpcMetadata? readTrailers;

    /// <param name="status">How the call ended.</param>
    /// <param name="message">The reply, where the status is Ok; this answer owns it.</param>
    /// <param name="headers">Asked for once, and only if somebody looks.</param>
    /// <param name="trailers">Likewise.</param>
    public RpcAnswer(RpcStatus status, RpcBytes? message = null, Func<RpcMetadata>? headers = null, Func<RpcMetadata>? trailers = null)
    {
        Status = status;
        this.message = message;
        this.headers = headers;
        this.trailers = trailers;
    }

    public RpcStatus Status { get; }

    /// <summary>Whether no connection came about, so that the server cannot have heard of the call. False where that is not known.</summary>
    public bool NeverSent { get; init; }

    public ReadOnlyMemory<byte> Message => message?.Memory ?? default;

    public RpcMetadata Headers => readHeaders ??= headers?.Invoke() ?? new();

    public RpcMetadata Trailers => readTrailers ??= trailers?.Invoke() ?? new();

    public void Dispose() => message?.Dispose();
}
