using Elanus.Log;
using Elanus.Replication;

namespace Elanus.Simulation;

/// <summary>What a run may be given besides its seed.</summary>
public sealed record SimulationOptions
{
    /// <summary>1: one node alone; more: a cluster with an arbiter.</summary>
    public int Nodes { get; init; } = 1;

    /// <summary>Gets every event as a line.</summary>
    public Action<string>? Listener { get; init; }

    /// <summary>Stands between every node's roles and its log: where tests put bugs that the checks must find.</summary>
    public Func<ILog, ILog>? AroundLog { get; init; }

    /// <summary>What becomes of every sync that no fault concerns: where tests put a disk that lies.</summary>
    public SyncFate Syncs { get; init; } = SyncFate.Honest;

    /// <summary>Only these faults; null for those that the seed draws.</summary>
    public IReadOnlyList<FaultKind>? Faults { get; init; }

    /// <summary>With several nodes: only these faults between them; null for those that the seed draws.</summary>
    public IReadOnlyList<ClusterFaultKind>? ClusterFaults { get; init; }

    /// <summary>All on, but where a test shows that the checks find what goes wrong without one.</summary>
    internal ProtocolRules Rules { get; init; } = ProtocolRules.All;
}
