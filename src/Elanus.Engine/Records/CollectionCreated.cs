using System.Collections.Immutable;
using Elanus.Primitives;

namespace Elanus.Engine;

/// <summary>A collection begins, with its first partitions and its number of shards (1 to 1,024).</summary>
public sealed record CollectionCreated(CollectionId Collection, CollectionSchema Schema, ImmutableArray<PartitionId> Partitions, int Shards)
    : DataRecord(Collection)
{
    public override ushort Kind => DataRecordKinds.CollectionCreated;
}
