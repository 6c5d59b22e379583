namespace Elanus.Primitives;

/// <summary>What a simulated disk does wrong. All off by default; may be changed at any time.</summary>
public sealed class DiskFaults
{
    /// <summary>Bytes that the disk holds; writing and allocating beyond it answers that the disk is full.</summary>
    public long CapacityBytes { get; set; } = long.MaxValue;

    /// <summary>Asked at every sync of a file or directory, with its path: what becomes of it.</summary>
    public Func<string, SyncFate> Sync { get; set; } = static _ => SyncFate.Honest;
}
