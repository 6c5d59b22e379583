namespace Elanus.Clients.Postgres;

/// <summary>How a PostgreSQL database is reached.</summary>
public sealed record PostgresOptions
{
    public required string Host { get; init; }

    public int Port { get; init; } = 5432;

    public required string Database { get; init; }

    public required string User { get; init; }

    public string? Password { get; init; }

    public PostgresTls Tls { get; init; } = PostgresTls.Prefer;

    /// <summary>A PEM file with the authorities to trust; null: those that the machine trusts.</summary>
    public string? AuthorityPem { get; init; }

    public TimeSpan ConnectTimeout { get; init; } = TimeSpan.FromSeconds(3);

    /// <summary>Connections at a time; more callers wait.</summary>
    public int ConnectionsMax { get; init; } = 8;

    public TimeProvider Time { get; init; } = TimeProvider.System;
}

/// <summary>PostgreSQL's own names of how much TLS is asked for.</summary>
public enum PostgresTls
{
    Disable,
    Prefer,
    Require,
    VerifyCA,
    VerifyFull,
}
