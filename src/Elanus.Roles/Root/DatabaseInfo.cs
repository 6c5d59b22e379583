using System.Collections.Immutable;
using System.Globalization;

namespace Elanus.Roles;

/// <summary>A database: a name space for collections.</summary>
public sealed record DatabaseInfo
{
    public const string DefaultName = "default";

    /// <summary>The property that bounds how many collections the database has.</summary>
    public const string CollectionsMaxProperty = "database.max.collections";

    public required DatabaseId Id { get; init; }

    public required string Name { get; init; }

    public required Timestamp Created { get; init; }

    public ImmutableSortedDictionary<string, string> Properties { get; init; } = ImmutableSortedDictionary<string, string>.Empty;

    /// <summary>Null where nothing but the whole server's limit counts.</summary>
    public int? CollectionsMax =>
        Properties.TryGetValue(CollectionsMaxProperty, out var text) && int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var most) ? most : null;
}
