namespace Elanus.Server;

/// <summary>How much a node holds for clients while no active is known.</summary>
internal sealed record ForwardingLimits
{
    /// <summary>Calls at once; 0 passes none on.</summary>
    public int HeldMax { get; init; } = 1024;

    /// <summary>
    /// Bytes that calls hold together, requests and replies of reads: a node that is to take over must not be ended for memory just then. No more than a quarter of what the process may have.
    /// </summary>
    public long HeldBytesMax { get; init; } = Math.Min(1L << 30, GC.GetGCMemoryInfo().TotalAvailableMemoryBytes / 4);

    /// <summary>How long a call may wait for an active; its own deadline ends it earlier.</summary>
    public TimeSpan HoldMax { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>How long an active may take to be connected to, and, while calls wait for it, to say that it is there at all; two of these pass before its calls count as broken.</summary>
    public TimeSpan SilenceMax { get; init; } = TimeSpan.FromSeconds(2);

    /// <summary>Bytes of one request.</summary>
    public long BodyBytesMax { get; init; } = 64 << 20;
}
