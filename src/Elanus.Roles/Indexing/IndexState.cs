using System.Collections.Immutable;

namespace Elanus.Roles;

/// <summary>Index definitions by collection, at one position of the channel; immutable.</summary>
public sealed record IndexState
{
    public static readonly IndexState Empty = new();

    public ImmutableDictionary<CollectionId, ImmutableArray<IndexInfo>> Indexes { get; init; } =
        ImmutableDictionary<CollectionId, ImmutableArray<IndexInfo>>.Empty;

    public ImmutableArray<IndexInfo> Of(CollectionId collection) =>
        Indexes.TryGetValue(collection, out var indexes) ? indexes : [];

    public IndexState Apply(IndexCommand command)
    {
        switch (command)
        {
            case IndexCommand.PutIndex put:
                var others = Of(put.Index.Collection).RemoveAll(i => i.Id == put.Index.Id);
                return this with { Indexes = Indexes.SetItem(put.Index.Collection, others.Add(put.Index)) };
            case IndexCommand.RemoveIndex remove:
                return this with { Indexes = Indexes.SetItem(remove.Collection, Of(remove.Collection).RemoveAll(i => i.Id == remove.Index)) };
            default:
                throw new InvariantBrokenException($"an index command of unknown type {command.GetType().Name}");
        }
    }

    /// <summary>Without what belonged to a dropped collection.</summary>
    public IndexState Without(CollectionId collection) => this with { Indexes = Indexes.Remove(collection) };
}
