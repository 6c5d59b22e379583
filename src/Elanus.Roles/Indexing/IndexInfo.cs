using System.Collections.Immutable;

namespace Elanus.Roles;

/// <summary>An index as the client defined it, and what serves it.</summary>
public sealed record IndexInfo
{
    public required IndexId Id { get; init; }

    public required CollectionId Collection { get; init; }

    public required FieldId Field { get; init; }

    public required string Name { get; init; }

    /// <summary>The type's name as the client gave it, HNSW, AUTOINDEX, INVERTED ...</summary>
    public required string Type { get; init; }

    /// <summary>All parameters as given, in the client's order; <c>params</c> unpacked into its keys.</summary>
    public required ImmutableArray<KeyValuePair<string, string>> Params { get; init; }

    /// <summary>Properties set by AlterIndex (mmap.enabled).</summary>
    public ImmutableSortedDictionary<string, string> Properties { get; init; } = ImmutableSortedDictionary<string, string>.Empty;

    public required Timestamp Created { get; init; }

    public string? Param(string key)
    {
        foreach (var (name, value) in Params)
        {
            if (name == key)
            {
                return value;
            }
        }

        return null;
    }
}
