namespace Elanus.Engine;

/// <summary>What is being built for one segment in the background. Changed under the collection's lock.</summary>
internal sealed class SegmentBuilds
{
    /// <summary>Cancels the piece of work that runs for this segment; null while none does. Holds no timer or handle, so nobody disposes it.</summary>
    public CancellationTokenSource? Running { get; set; }

    /// <summary>Packing failed with this; it is not tried again.</summary>
    public string? PackFault { get; set; }
}
