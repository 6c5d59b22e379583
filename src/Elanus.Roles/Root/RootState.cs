using System.Collections.Immutable;

namespace Elanus.Roles;

/// <summary>
/// The root coordinator's metadata at one position of its channel: databases, collections, aliases, users, ids. An immutable value;
/// <see cref="Apply"/> gives the next one, so readers need no lock.
/// </summary>
public sealed record RootState
{
    public static readonly RootState Empty = new();

    public long IdCeiling { get; init; }

    public ImmutableSortedDictionary<string, DatabaseInfo> Databases { get; init; } =
        ImmutableSortedDictionary.Create<string, DatabaseInfo>(StringComparer.Ordinal);

    public ImmutableDictionary<CollectionId, CollectionInfo> Collections { get; init; } = ImmutableDictionary<CollectionId, CollectionInfo>.Empty;

    public ImmutableDictionary<(DatabaseId Database, string Name), CollectionId> Names { get; init; } =
        ImmutableDictionary<(DatabaseId, string), CollectionId>.Empty;

    public ImmutableDictionary<(DatabaseId Database, string Name), AliasInfo> Aliases { get; init; } =
        ImmutableDictionary<(DatabaseId, string), AliasInfo>.Empty;

    public ImmutableSortedDictionary<string, UserInfo> Users { get; init; } =
        ImmutableSortedDictionary.Create<string, UserInfo>(StringComparer.Ordinal);

    public RootState Apply(RootCommand command)
    {
        switch (command)
        {
            case RootCommand.ReserveIds reserve:
                Invariant.Holds(reserve.Ceiling >= IdCeiling, "the ceiling of ids went back");
                return this with { IdCeiling = reserve.Ceiling };
            case RootCommand.PutDatabase put:
                return this with { Databases = Databases.SetItem(put.Database.Name, put.Database) };
            case RootCommand.RemoveDatabase remove:
                var database = Databases.Values.FirstOrDefault(d => d.Id == remove.Database);
                return database is null ? this : this with { Databases = Databases.Remove(database.Name) };
            case RootCommand.PutCollection put:
                return Put(put.Collection);
            case RootCommand.RemoveCollection remove:
                return Remove(remove.Collection);
            case RootCommand.PutAlias put:
                return this with { Aliases = Aliases.SetItem((put.Alias.Database, put.Alias.Name), put.Alias) };
            case RootCommand.RemoveAlias remove:
                return this with { Aliases = Aliases.Remove((remove.Database, remove.Name)) };
            case RootCommand.PutUser put:
                return this with { Users = Users.SetItem(put.User.Name, put.User) };
            case RootCommand.RemoveUser remove:
                return this with { Users = Users.Remove(remove.Name) };
            default:
                throw new InvariantBrokenException($"a root command of unknown type {command.GetType().Name}");
        }
    }

    /// <summary>A collection by its name or an alias of it.</summary>
    public CollectionInfo? Find(DatabaseId database, string nameOrAlias)
    {
        if (Names.TryGetValue((database, nameOrAlias), out var id))
        {
            return Collections[id];
        }

        return Aliases.TryGetValue((database, nameOrAlias), out var alias) ? Collections.GetValueOrDefault(alias.Collection) : null;
    }

    public IEnumerable<AliasInfo> AliasesOf(CollectionId collection) =>
        Aliases.Values.Where(a => a.Collection == collection).OrderBy(a => a.Name, StringComparer.Ordinal);

    public IEnumerable<CollectionInfo> CollectionsOf(DatabaseId database) => Collections.Values.Where(c => c.Database == database);

    public DatabaseInfo DatabaseOf(CollectionInfo collection) => Databases.Values.First(d => d.Id == collection.Database);

    private RootState Put(CollectionInfo collection)
    {
        var names = Names;
        if (Collections.TryGetValue(collection.Id, out var before))
        {
            names = names.Remove((before.Database, before.Name));
        }

        return this with
        {
            Collections = Collections.SetItem(collection.Id, collection),
            Names = names.SetItem((collection.Database, collection.Name), collection.Id),
        };
    }

    private RootState Remove(CollectionId id) => !Collections.TryGetValue(id, out var collection)
        ? this
        : this with
        {
            Collections = Collections.Remove(id),
            Names = Names.Remove((collection.Database, collection.Name)),
            Aliases = Aliases.RemoveRange(AliasesOf(id).Select(a => (a.Database, a.Name))),
        };
}
