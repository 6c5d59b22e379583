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

    /// <summary>To connect to a member; and what may be asked of several is given up after so long for each that there is.</summary>
    public TimeSpan AttemptTimeout { get; init; } = TimeSpan.FromSeconds(1);

    /// <summary>After so long without an answer, what may be asked of another member is asked of the next one as well.</summary>
    public TimeSpan HedgeAfter { get; init; } = TimeSpan.FromMilliseconds(100);

    public TimeProvider Time { get; init; } = TimeProvider.System;
}
