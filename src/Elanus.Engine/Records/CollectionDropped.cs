using Elanus.Primitives;

namespace Elanus.Engine;

/// <summary>A collection ends, with all its rows.</summary>
public sealed record CollectionDropped(CollectionId Collection) : DataRecord(Collection)
{
    public override ushort Kind => DataRecordKinds.CollectionDropped;
}
