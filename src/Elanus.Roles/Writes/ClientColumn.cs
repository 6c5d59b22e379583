namespace Elanus.Roles;

/// <summary>One field's values as a client sent them, named and not yet checked against the schema.</summary>
/// <param name="IsDynamic">The values are JSON objects with the keys outside the schema.</param>
public readonly record struct ClientColumn(string Name, ColumnBlock Values, bool IsDynamic = false);
