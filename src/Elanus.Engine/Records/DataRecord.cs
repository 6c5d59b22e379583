using Elanus.Primitives;

namespace Elanus.Engine;

/// <summary>What one record of a data channel says. Each concerns one collection. Encoded and decoded by <see cref="DataRecordCodec"/>.</summary>
public abstract record DataRecord(CollectionId Collection)
{
    /// <summary>The kind under which the log carries it; one of <see cref="DataRecordKinds"/>.</summary>
    public abstract ushort Kind { get; }
}
