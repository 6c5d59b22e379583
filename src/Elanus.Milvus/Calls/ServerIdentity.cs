namespace Elanus.Milvus;

/// <summary>What this server says of itself.</summary>
public sealed record ServerIdentity
{
    /// <summary>The Milvus release whose interface is spoken; clients branch on it.</summary>
    public const string InterfaceVersion = "v2.6.22";

    /// <summary>Elanus's own version.</summary>
    public required string Version { get; init; }

    public required NodeId Node { get; init; }

    /// <summary>Where clients reach this node: host and port.</summary>
    public required string Address { get; init; }

    public required DateTimeOffset Started { get; init; }

    public string DeployMode { get; init; } = "STANDALONE";

    /// <summary>The node's id in the protocol's signed form, never negative.</summary>
    public long ProtocolNodeId => (long)(Node.Value & long.MaxValue);
}
