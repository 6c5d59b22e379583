namespace Elanus.Roles;

/// <summary>Partitions, as the root coordinator keeps them.</summary>
public sealed class PartitionCoord(RootContext root) : IPartitionCoord
{
    public Task<Result<Unit>> Create(string databaseName, string collectionName, string name, CancellationToken cancel) => root.Alone<Unit>(
        async () =>
        {
            if (NameRules.Check("partition", name, root.Limits.NameLengthMax, more: "-") is { } bad)
            {
                return bad;
            }

            if (!Explicit(databaseName, collectionName).TryGet(out var collection, out var failure))
            {
                return failure;
            }

            if (collection.Partition(name) is not null)
            {
                return Result.Ok;
            }

            if (collection.Partitions.Length >= root.Limits.PartitionsMax)
            {
                return Failure.Invalid($"partition number ({collection.Partitions.Length}) exceeds max configuration ({root.Limits.PartitionsMax}), collection: {collection.Name}");
            }

            if (!(await root.Ids.Allocate(1, cancel)).TryGet(out var id, out failure))
            {
                return failure;
            }

            var partition = new PartitionInfo(new(id), name, root.Clock.Next());
            var changed = collection with { Partitions = collection.Partitions.Add(partition), Updated = partition.Created };
            return (await root.Data.PartitionCreated(changed, partition.Id, cancel)).TryGet(out _, out failure)
                ? await root.Append(new RootCommand.PutCollection(changed), cancel)
                : failure;
        },
        cancel);

    /// <param name="isLoaded">Whether a partition is loaded; a loaded one is not dropped.</param>
    public Task<Result<Unit>> Drop(
        string databaseName,
        string collectionName,
        string name,
        Func<CollectionInfo, PartitionId, bool> isLoaded,
        CancellationToken cancel) => root.Alone<Unit>(
        async () =>
        {
            if (name == PartitionInfo.DefaultName)
            {
                return Failure.Invalid($"default partition cannot be deleted");
            }

            if (!Explicit(databaseName, collectionName).TryGet(out var collection, out var failure))
            {
                return failure;
            }

            if (collection.Partition(name) is not { } partition)
            {
                return Result.Ok;
            }

            if (isLoaded(collection, partition.Id))
            {
                return Failure.Invalid($"partition {name} of collection {collection.Name} is loaded: the partition cannot be dropped, it should be released first");
            }

            var changed = collection with { Partitions = collection.Partitions.Remove(partition), Updated = root.Clock.Next() };
            return (await root.Append(new RootCommand.PutCollection(changed), cancel)).TryGet(out _, out failure)
                ? await root.Data.PartitionDropped(changed.Id, partition.Id, cancel)
                : failure;
        },
        cancel);

    /// <summary>A collection whose partitions are named by its users, not by a partition key.</summary>
    private Result<CollectionInfo> Explicit(string databaseName, string collectionName)
    {
        var found = root.Collection(databaseName, collectionName);
        return found.TryGet(out var collection, out _) && collection.Schema.PartitionKey is { } key
            ? Failure.Invalid($"disable operation on partitions of collection {collection.Name}: its rows are placed by the partition key {key.Name}")
            : found;
    }
}
