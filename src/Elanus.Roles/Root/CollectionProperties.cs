namespace Elanus.Roles;

/// <summary>Names of the collection properties that have a meaning here; any other is kept and shown as given.</summary>
public static class CollectionProperties
{
    public const string TtlSeconds = "collection.ttl.seconds";

    /// <summary>Set to true it gives a collection the dynamic field; there is no way back.</summary>
    public const string DynamicField = "dynamicfield.enabled";

    /// <summary>Where true, inserts into a collection with automatic ids may bring their own.</summary>
    public const string AllowInsertAutoId = "allow_insert_auto_id";
}
