using Microsoft.Extensions.Logging;

namespace Elanus.Server;

/// <summary>What a server runs with: every setting by its type, checked. Immutable. Made by <see cref="ConfigurationReader"/>.</summary>
public sealed record ServerConfiguration
{
    public required string DataPath { get; init; }

    public required string Host { get; init; }

    /// <summary>0 takes a free port.</summary>
    public required int Port { get; init; }

    /// <summary>0 takes a free port.</summary>
    public required int MetricsPort { get; init; }

    /// <summary>Null: host and the port that was taken.</summary>
    public required HostAndPort? Advertise { get; init; }

    public required TlsSettings Tls { get; init; }

    public required bool AuthorizationEnabled { get; init; }

    public required string DefaultRootPassword { get; init; }

    /// <summary>How far a Bounded read may lie behind.</summary>
    public required TimeSpan GracefulTime { get; init; }

    /// <summary>How long calls in progress get to end after SIGTERM.</summary>
    public required TimeSpan StopTimeout { get; init; }

    public required RequestLimits Limits { get; init; }

    public required long SegmentBytesMax { get; init; }

    public required ClusterSettings Cluster { get; init; }

    public required LogSettings Log { get; init; }

    /// <summary>Bytes of log between two checkpoints.</summary>
    public required long CheckpointLogBytes { get; init; }

    public required LogLevel LogLevel { get; init; }

    /// <summary>The record without the default password.</summary>
    public override string ToString() => $"{nameof(ServerConfiguration)} {{ {DataPath}, {Host}:{Port} }}";
}
