namespace Elanus.Simulation;

/// <summary>What happens between the machines of a cluster, or to several of them.</summary>
public enum ClusterFaultKind
{
    CutOneWay,
    CutBothWays,
    CutFromArbiter,
    CutFromClients,
    Isolate,
    Lossy,
    Disorder,
    SlowNetwork,
    ArbiterStalls,
    ArbiterRestarts,
    ArbiterLosesMessages,
    ArbiterIsSlow,
    Switchover,
    RemovedMember,
    AllLosePower,
    EmptiedDisk,
    DamagedFile,
    ArbiterForgets,
    ForcedPromotion,
}
