using System.Collections.Immutable;

namespace Elanus.Primitives;

/// <summary>One field of a collection.</summary>
public sealed record FieldSchema
{
    public required FieldId Id { get; init; }

    public required string Name { get; init; }

    public string Description { get; init; } = "";

    public required DataType Type { get; init; }

    /// <summary>Type of an array's elements; None otherwise.</summary>
    public DataType ElementType { get; init; }

    public bool IsPrimaryKey { get; init; }

    public bool AutoId { get; init; }

    public bool IsPartitionKey { get; init; }

    public bool IsClusteringKey { get; init; }

    /// <summary>The hidden JSON field that holds keys outside the schema.</summary>
    public bool IsDynamic { get; init; }

    public bool Nullable { get; init; }

    /// <summary>Value of rows that leave the field out; null where there is none.</summary>
    public FieldValue? Default { get; init; }

    /// <summary>Elements of a vector (bits for a binary one); 0 for others.</summary>
    public int Dimension { get; init; }

    /// <summary>Most bytes of a text; 0 where it does not apply.</summary>
    public int MaxLength { get; init; }

    /// <summary>Most elements of an array; 0 where it does not apply.</summary>
    public int MaxCapacity { get; init; }

    /// <summary>All type parameters as the client gave them, in its order (dim, max_length, mmap.enabled ...).</summary>
    public ImmutableArray<KeyValuePair<string, string>> TypeParams { get; init; } = [];

    /// <summary>Index parameters that came with the schema, as given.</summary>
    public ImmutableArray<KeyValuePair<string, string>> IndexParams { get; init; } = [];
}
