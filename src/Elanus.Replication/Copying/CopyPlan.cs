using System.Collections.Immutable;

namespace Elanus.Replication;

/// <summary>What a copy of a node's state consists of.</summary>
/// <param name="Checkpoint">The last record that the checkpoint holds; 0 where there is none and the log is whole.</param>
/// <param name="End">The last record of the log's files.</param>
/// <param name="Files">The checkpoint, what it names, and the log behind it.</param>
public sealed record CopyPlan(ulong Checkpoint, ulong End, ImmutableArray<CopyFile> Files)
{
    public long Bytes => Files.Sum(file => file.Bytes);
}
