using System.Collections.Immutable;

namespace Elanus.Roles;

/// <summary>That a collection, or some of its partitions, is to be searchable.</summary>
public sealed record LoadInfo
{
    public required CollectionId Collection { get; init; }

    /// <summary>Every partition, also those created later; else only <see cref="Partitions"/>.</summary>
    public required bool Whole { get; init; }

    public ImmutableArray<PartitionId> Partitions { get; init; } = [];

    public int Replicas { get; init; } = 1;

    public ImmutableArray<FieldId> Fields { get; init; } = [];

    public required Timestamp Since { get; init; }

    public bool Covers(PartitionId partition) => Whole || Partitions.Contains(partition);
}
