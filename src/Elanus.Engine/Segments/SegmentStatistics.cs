using System.Collections.Immutable;
using Elanus.Primitives;

namespace Elanus.Engine;

/// <summary>One segment's numbers at one moment.</summary>
/// <param name="Id">The same growing and sealed, and on every node.</param>
/// <param name="Partition">The partition whose rows it holds.</param>
/// <param name="Shard">The shard whose rows it holds.</param>
/// <param name="Rows">Rows written, deleted ones included.</param>
/// <param name="LiveRows">Rows not deleted.</param>
/// <param name="IsSealed">No longer growing.</param>
/// <param name="Bytes">Memory held, native and managed, indexes apart.</param>
/// <param name="Indexes">The indexes that are built.</param>
/// <param name="IndexBytes">Memory of those.</param>
public sealed record SegmentStatistics(
    SegmentId Id, PartitionId Partition, int Shard, int Rows, int LiveRows, bool IsSealed, long Bytes, ImmutableArray<IndexId> Indexes, long IndexBytes)
{
    /// <summary>Of the oldest row, where the segment still grows.</summary>
    public Timestamp? GrowsSince { get; init; }

    /// <summary>The log says that its column file exists.</summary>
    public bool IsPublished { get; init; }

    /// <summary>Its rows lie in a mapped file, so <see cref="Bytes"/> are the file's, and in memory only as far as they are read.</summary>
    public bool IsMapped { get; init; }

    /// <summary>Why its column file could not be written yet; null where nothing failed.</summary>
    public string? FileFault { get; init; }
}
