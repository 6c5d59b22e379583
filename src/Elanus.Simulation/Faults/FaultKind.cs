namespace Elanus.Simulation;

/// <summary>What happens to a node and its disk.</summary>
public enum FaultKind
{
    LosePower,
    Kill,
    Stop,
    Hold,
    FullDisk,
    SlowDisk,
    FailedSync,
    ClockJump,
    FlippedBit,
}
