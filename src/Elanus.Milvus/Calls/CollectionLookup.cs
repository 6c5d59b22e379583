using System.Globalization;

namespace Elanus.Milvus;

/// <summary>Finds the collection that a request means: by name, or by id where it gives no name.</summary>
internal static class CollectionLookup
{
    public static Result<(CollectionInfo Collection, string Database)> Find(Proxy proxy, string database, string name, long id)
    {
        if (name.Length > 0 || id == 0)
        {
            return proxy.Context.Collection(database, name).TryGet(out var named, out var failure) ? (named, database) : failure;
        }

        var root = proxy.Metadata.Root;
        return root.Collections.TryGetValue(new(id), out var found)
            ? (found, root.DatabaseOf(found).Name)
            : Failure.CollectionNotFound(database, id.ToString(CultureInfo.InvariantCulture));
    }
}
