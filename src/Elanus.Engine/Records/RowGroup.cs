using Elanus.Primitives;

namespace Elanus.Engine;

/// <summary>Rows for one shard of one partition.</summary>
public sealed record RowGroup(int Shard, PartitionId Partition, RowBatch Rows);
