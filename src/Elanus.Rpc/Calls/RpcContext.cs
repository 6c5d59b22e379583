using System.Security.Cryptography.X509Certificates;

namespace Elanus.Rpc;

/// <summary>
/// What a handler knows of the call it serves, and what it may say beside its reply. Belongs to the call: not used after the
/// handler has ended, and by one thread at a time, except <see cref="Cancellation"/>.
/// </summary>
public abstract class RpcContext(RpcMethod method)
{
    private RpcMetadata? headers;
    private RpcMetadata? trailers;

    public RpcMethod Method { get; } = method;

    /// <summary>All request metadata. Binary metadata that is not base64 ends the call with INTERNAL.</summary>
    public abstract RpcMetadata RequestHeaders { get; }

    /// <summary>When the client stops waiting, or null.</summary>
    public abstract DateTimeOffset? Deadline { get; }

    /// <summary>Cancelled when the client goes away or the deadline passes.</summary>
    public abstract CancellationToken Cancellation { get; }

    /// <summary>The caller's address, for logs.</summary>
    public abstract string Peer { get; }

    /// <summary>The certificate that the client showed, already checked against the configured authority; null without mutual TLS.</summary>
    public abstract X509Certificate2? ClientCertificate { get; }

    /// <summary>Sent in front of the first message; later additions are a bug and throw.</summary>
    public RpcMetadata ResponseHeaders => headers ??= new();

    /// <summary>Sent with the status.</summary>
    public RpcMetadata ResponseTrailers => trailers ??= new();

    /// <summary>Whom the gate found behind the call; null where it did not ask.</summary>
    public object? Identity { get; set; }

    /// <summary>Whether replies are compressed where the client takes it; set before the first one. As the request was, by default.</summary>
    public bool CompressReplies { get; set; }

    internal RpcMetadata? AddedHeaders => headers;

    internal RpcMetadata? AddedTrailers => trailers;

    /// <summary>One request header as text, or null, without building <see cref="RequestHeaders"/>.</summary>
    public abstract string? Header(string name);
}
