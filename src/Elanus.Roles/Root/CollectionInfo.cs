using System.Collections.Immutable;

namespace Elanus.Roles;

/// <summary>Everything the root coordinator knows of a collection. Immutable; a change replaces it.</summary>
public sealed record CollectionInfo
{
    public required CollectionId Id { get; init; }

    public required DatabaseId Database { get; init; }

    public required CollectionSchema Schema { get; init; }

    public required int Shards { get; init; }

    public required ConsistencyLevel Consistency { get; init; }

    public required Timestamp Created { get; init; }

    public required Timestamp Updated { get; init; }

    public required ImmutableArray<PartitionInfo> Partitions { get; init; }

    public ImmutableSortedDictionary<string, string> Properties { get; init; } = ImmutableSortedDictionary<string, string>.Empty;

    public string Name => Schema.Name;

    public PartitionInfo? Partition(string name) => Partitions.FirstOrDefault(p => p.Name == name);
}
