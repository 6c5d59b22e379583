using System.Collections.Immutable;
using Elanus.Engine;

namespace Elanus.Roles;

/// <summary>
/// Adds metadata to a state hash, in its checkpoint's form. Collections are most of it: the form of one that stands as it stood the last time is not made again. One thread at a time.
/// </summary>
internal sealed class MetadataHash
{
    private Dictionary<CollectionInfo, byte[]> made = new(ReferenceEqualityComparer.Instance);

    public void AddTo(StateHash hash, MetadataSnapshot metadata)
    {
        var others = metadata.Root with { Collections = ImmutableDictionary<CollectionId, CollectionInfo>.Empty };
        hash.Add("metadata"u8, MetadataImage.Of(metadata with { Root = others }).Write());
        var standing = new Dictionary<CollectionInfo, byte[]>(ReferenceEqualityComparer.Instance);
        foreach (var collection in metadata.Root.Collections.Values)
        {
            var form = made.GetValueOrDefault(collection) ?? KeptJson.Write(json => json.WriteObject<RootCommand>(new RootCommand.PutCollection(collection), RootJson.Write));
            standing.Add(collection, form);
            hash.Add("collection"u8, form);
        }

        made = standing;
    }
}
