using Elanus.Primitives;

namespace Elanus.Engine;

/// <summary>A collection loses all rows written before this record; schema and partitions stay.</summary>
public sealed record Truncated(CollectionId Collection) : DataRecord(Collection)
{
    public override ushort Kind => DataRecordKinds.Truncated;
}
