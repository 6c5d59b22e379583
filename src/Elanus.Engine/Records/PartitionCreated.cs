using Elanus.Primitives;

namespace Elanus.Engine;

/// <summary>A partition begins, empty.</summary>
public sealed record PartitionCreated(CollectionId Collection, PartitionId Partition) : DataRecord(Collection)
{
    public override ushort Kind => DataRecordKinds.PartitionCreated;
}
