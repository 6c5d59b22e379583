namespace Elanus.Simulation;

/// <summary>What a simulated node is doing.</summary>
public enum NodeStanding
{
    /// <summary>No process runs.</summary>
    Down,

    /// <summary>A process recovers, or stops in good order.</summary>
    Changing,

    Serving,

    /// <summary>The process ended by itself and said why: damage, a disk without room.</summary>
    Refused,
}
