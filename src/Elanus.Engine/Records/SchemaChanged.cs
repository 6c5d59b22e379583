using Elanus.Primitives;

namespace Elanus.Engine;

/// <summary>A collection's schema is replaced by one with a higher version. Rows written before answer added fields with their default, or null.</summary>
public sealed record SchemaChanged(CollectionId Collection, CollectionSchema Schema) : DataRecord(Collection)
{
    public override ushort Kind => DataRecordKinds.SchemaChanged;
}
