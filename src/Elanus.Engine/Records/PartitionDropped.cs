using Elanus.Primitives;

namespace Elanus.Engine;

/// <summary>A partition ends, with its rows.</summary>
public sealed record PartitionDropped(CollectionId Collection, PartitionId Partition) : DataRecord(Collection)
{
    public override ushort Kind => DataRecordKinds.PartitionDropped;
}
