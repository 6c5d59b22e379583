namespace Elanus.Roles;

/// <summary>Aliases, as the root coordinator keeps them.</summary>
public sealed class AliasCoord(RootContext root) : IAliasCoord
{
    public Task<Result<Unit>> Create(string databaseName, string collectionName, string alias, CancellationToken cancel) => root.Alone<Unit>(
        async () =>
        {
            if (!Target(databaseName, collectionName, alias).TryGet(out var collection, out var failure))
            {
                return failure;
            }

            if (root.State.Aliases.TryGetValue((collection.Database, alias), out var existing))
            {
                return existing.Collection == collection.Id
                    ? Result.Ok
                    : new Failure(FailureCode.AliasAlreadyExists, $"{alias} is alias to another collection: {root.State.Collections[existing.Collection].Name}", [new("database", databaseName), new("alias", alias)]);
            }

            return await root.Append(new RootCommand.PutAlias(new(collection.Database, alias, collection.Id)), cancel);
        },
        cancel);

    public Task<Result<Unit>> Alter(string databaseName, string collectionName, string alias, CancellationToken cancel) => root.Alone<Unit>(
        async () =>
        {
            if (!Target(databaseName, collectionName, alias).TryGet(out var collection, out var failure))
            {
                return failure;
            }

            return root.State.Aliases.ContainsKey((collection.Database, alias))
                ? await root.Append(new RootCommand.PutAlias(new(collection.Database, alias, collection.Id)), cancel)
                : NotFound(databaseName, alias);
        },
        cancel);

    public Task<Result<Unit>> Drop(string databaseName, string alias, CancellationToken cancel) => root.Alone<Unit>(
        async () =>
        {
            if (!root.Database(databaseName).TryGet(out var database, out var failure))
            {
                return failure;
            }

            // Dropping what is not there succeeds, as in Milvus.
            return root.State.Aliases.ContainsKey((database.Id, alias))
                ? await root.Append(new RootCommand.RemoveAlias(database.Id, alias), cancel)
                : Result.Ok;
        },
        cancel);

    public static Failure NotFound(string database, string alias) => Failure.Of(FailureCode.AliasNotFound, ("database", database), ("alias", alias));

    private Result<CollectionInfo> Target(string databaseName, string collectionName, string alias)
    {
        if (NameRules.Check("alias", alias, root.Limits.NameLengthMax) is { } bad)
        {
            return bad;
        }

        if (!root.Collection(databaseName, collectionName).TryGet(out var collection, out var failure))
        {
            return failure;
        }

        return root.State.Names.ContainsKey((collection.Database, alias))
            ? Failure.Of(FailureCode.AliasCollectionNameConflict, ("database", databaseName), ("alias", alias))
            : collection;
    }
}
