namespace Elanus.Simulation;

/// <summary>A row that a record wrote, and the positions that changed what it counts for.</summary>
public sealed class ModelRow(long key, long tag, PartitionId partition, ulong born)
{
    public long Key => key;

    /// <summary>Names the operation and the row within it.</summary>
    public long Tag => tag;

    public PartitionId Partition => partition;

    public ulong Born => born;

    /// <summary>From here on it is deleted.</summary>
    public ulong Died { get; set; } = ulong.MaxValue;

    /// <summary>From here on a newer row of its key stands in its partition.</summary>
    public ulong Shadowed { get; set; } = ulong.MaxValue;

    public bool Lives(ulong position) => born <= position && position < Died;

    public bool Shows(ulong position) => Lives(position) && position < Shadowed;
}
