using Elanus.Primitives;

namespace Elanus.Engine;

/// <summary>One segment's numbers at one moment. <paramref name="Rows"/> counts deleted rows too; <paramref name="Bytes"/> is memory held, indexes apart.</summary>
public sealed record SegmentStatistics(SegmentId Id, PartitionId Partition, int Shard, int Rows, int LiveRows, bool IsSealed, long Bytes);
