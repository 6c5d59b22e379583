namespace Elanus.Roles;

/// <summary>Another name of a collection, within its database.</summary>
public sealed record AliasInfo(DatabaseId Database, string Name, CollectionId Collection);
