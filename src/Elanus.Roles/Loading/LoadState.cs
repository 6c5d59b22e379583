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

    /// <summary>Without what belonged to a dropped collection.</summary>
    public LoadState Without(CollectionId collection) => this with { Loads = Loads.Remove(collection) };
}
