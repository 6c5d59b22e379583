using System.Collections.Immutable;
using Elanus.Primitives;

namespace Elanus.Engine;

/// <summary>What there is to gain by compacting a sealed segment.</summary>
/// <param name="Id">The segment.</param>
/// <param name="Partition">Its partition.</param>
/// <param name="Shard">Its shard; only neighbours of one shard and partition can be merged.</param>
/// <param name="Rows">Its rows.</param>
/// <param name="Surviving">Those that a compaction would keep.</param>
/// <param name="Bytes">Bytes of all its rows.</param>
/// <param name="IsPublished">The log names its file, and this node reads it.</param>
/// <param name="IsBusy">It is being compacted.</param>
/// <param name="ColumnBytes">Bytes of all its rows in each field of the collection.</param>
public sealed record SegmentWeight(
    SegmentId Id, PartitionId Partition, int Shard, int Rows, int Surviving, long Bytes, bool IsPublished, bool IsBusy, ImmutableArray<long> ColumnBytes);
