using System.Collections.Immutable;

namespace Elanus.Clients.Etcd;

/// <summary>How an etcd cluster is reached.</summary>
public sealed record EtcdOptions
{
    /// <summary>HOST:PORT of each member; at least one.</summary>
    public required ImmutableArray<string> Endpoints { get; init; }

    public string? User { get; init; }

    public string? Password { get; init; }

    public bool Tls { get; init; }

    /// <summary>PEM files: whom to trust (null: whom the machine trusts), and what to show of oneself.</summary>
    public string? AuthorityPem { get; init; }

    public string? CertificatePem { get; init; }

    public string? KeyPem { get; init; }

    /// <summary>What one member is given to answer what may be asked of another as well.</summary>
    public TimeSpan AttemptTimeout { get; init; } = TimeSpan.FromSeconds(1);

    public TimeProvider Time { get; init; } = TimeProvider.System;
}
