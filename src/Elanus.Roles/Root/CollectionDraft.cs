namespace Elanus.Roles;

/// <summary>A collection as a client asks for it: field ids are not given yet.</summary>
public sealed record CollectionDraft
{
    public required CollectionSchema Schema { get; init; }

    /// <summary>0 means the default, 1.</summary>
    public int Shards { get; init; }

    /// <summary>Partitions of a collection with a partition key; 0 means the default, 16.</summary>
    public long Partitions { get; init; }

    public ConsistencyLevel Consistency { get; init; } = ConsistencyLevel.Bounded;

    public IReadOnlyCollection<KeyValuePair<string, string>> Properties { get; init; } = [];
}
