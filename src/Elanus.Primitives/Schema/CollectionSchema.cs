using System.Collections.Immutable;

namespace Elanus.Primitives;

/// <summary>The fields of a collection and what holds for all of them. Immutable; a change makes a new one with a higher version.</summary>
public sealed record CollectionSchema
{
    public required string Name { get; init; }

    public string Description { get; init; } = "";

    /// <summary>In the client's order; the dynamic field, where enabled, last. Ids start at 100, as in Milvus.</summary>
    public required ImmutableArray<FieldSchema> Fields { get; init; }

    public bool EnableDynamicField { get; init; }

    public int Version { get; init; }

    public FieldSchema PrimaryKey => Fields.First(f => f.IsPrimaryKey);

    public FieldSchema? PartitionKey => Fields.FirstOrDefault(f => f.IsPartitionKey);

    public FieldSchema? DynamicField => Fields.FirstOrDefault(f => f.IsDynamic);

    public FieldSchema? Find(string name) => Fields.FirstOrDefault(f => f.Name == name);

    public FieldSchema? Find(FieldId id) => Fields.FirstOrDefault(f => f.Id == id);
}
