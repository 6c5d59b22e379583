namespace Elanus.Roles;

/// <summary>Names of the collection properties that have a meaning here; any other is kept and shown as given.</summary>
public static class CollectionProperties
{
    public const string TtlSeconds = "collection.ttl.seconds";
}
