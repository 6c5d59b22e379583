using System.Collections.Immutable;

namespace Elanus.Roles;

/// <summary>What is loaded, at one position of the channel; immutable.</summary>
public sealed record LoadState
{
    public static readonly LoadState Empty = new();

    public ImmutableDictionary<CollectionId, LoadInfo> Loads { get; init; } = ImmutableDictionary<CollectionId, LoadInfo>.Empty;

    public LoadInfo? Of(CollectionId collection) => Loads.GetValueOrDefault(collection);

    public LoadState Apply(LoadCommand command) => command switch
    {
        LoadCommand.PutLoad put => this with { Loads = Loads.SetItem(put.Load.Collection, put.Load) },
        LoadCommand.RemoveLoad remove => Without(remove.Collection),
        _ => throw new InvariantBrokenException($"a load command of unknown type {command.GetType().Name}"),
    };

    /// <summary>Without partitions that a collection does not have; a load that is left without any is none.</summary>
    public LoadState Within(CollectionInfo collection)
    {
        if (Of(collection.Id) is not { Whole: false } load)
        {
            return this;
        }

        var kept = load.Partitions.RemoveAll(p => !collection.Partitions.Any(there => there.Id == p));
        return kept.Length == load.Partitions.Length ? this
            : kept.IsEmpty ? Without(collection.Id)
            : this with { Loads = Loads.SetItem(collection.Id, load with { Partitions = kept }) };
    }

    /// <summary>Without what belonged to a dropped collection.</summary>
    public LoadState Without(CollectionId collection) => this with { Loads = Loads.Remove(collection) };
}
