using System.Collections.Immutable;

namespace Elanus.Roles;

/// <summary>A database: a name space for collections.</summary>
public sealed record DatabaseInfo
{
    public const string DefaultName = "default";

    public required DatabaseId Id { get; init; }

    public required string Name { get; init; }

    public required Timestamp Created { get; init; }

    public ImmutableSortedDictionary<string, string> Properties { get; init; } = ImmutableSortedDictionary<string, string>.Empty;
}
