using System.Collections.Immutable;

namespace Elanus.Roles;

/// <summary>
/// Load state. In a standalone every row that is applied can be searched at once, so loading completes with its record, and
/// what loading costs is the index builds, which searches do not wait for.
/// </summary>
public sealed class QueryCoord(RootContext root, MetadataChannel metadata) : IQueryCoord
{
    private readonly ChangeGate gate = new();

    public Task<Result<Unit>> Load(
        string databaseName,
        string collectionName,
        IReadOnlyCollection<string> partitions,
        int replicas,
        IReadOnlyCollection<string> fields,
        CancellationToken cancel) => gate.Alone<Unit>(
        async () =>
        {
            if (!root.Collection(databaseName, collectionName).TryGet(out var collection, out var failure)
                || !Named(collection, partitions).TryGet(out var named, out failure)
                || !Fields(collection, fields).TryGet(out var loadFields, out failure))
            {
                return failure;
            }

            if (replicas > 1)
            {
                return new Failure(FailureCode.ResourceInsufficient, $"failed to load collection {collection.Name}: when load {replicas} replica count", [new("currentAvailableNode", "1"), new("expected", $"{replicas}")]);
            }

            var indexes = metadata.Current.Indexes.Of(collection.Id);
            foreach (var field in collection.Schema.Fields)
            {
                if (field.Type.IsVector() && !indexes.Any(i => i.Field == field.Id))
                {
                    return new Failure(FailureCode.IndexNotFound, $"there is no vector index on field: [{field.Name}], please create index firstly");
                }
            }

            var before = metadata.Current.Loads.Of(collection.Id);
            if (before is { Whole: true } || (before is not null && partitions.Count > 0 && named.All(before.Covers)))
            {
                return Result.Ok;
            }

            var load = new LoadInfo
            {
                Collection = collection.Id,
                Whole = partitions.Count == 0,
                Partitions = partitions.Count == 0 ? [] : [.. (before?.Partitions ?? []).Union(named)],
                Replicas = Math.Max(replicas, 1),
                Fields = loadFields,
                Since = root.Clock.Next(),
            };
            if (!(await metadata.Append(new LoadCommand.PutLoad(load), cancel)).TryGet(out _, out failure))
            {
                return failure;
            }

            // The collection may have been dropped between the look at it and the record.
            return metadata.Current.Loads.Of(collection.Id) is null ? Failure.CollectionNotFound(databaseName, collectionName) : Result.Ok;
        },
        cancel);

    public Task<Result<Unit>> Release(string databaseName, string collectionName, IReadOnlyCollection<string> partitions, CancellationToken cancel) => gate.Alone<Unit>(
        async () =>
        {
            if (!root.Collection(databaseName, collectionName).TryGet(out var collection, out var failure)
                || !Named(collection, partitions).TryGet(out var named, out failure))
            {
                return failure;
            }

            if (metadata.Current.Loads.Of(collection.Id) is not { } before)
            {
                return Result.Ok;
            }

            var left = partitions.Count == 0
                ? []
                : (before.Whole ? collection.Partitions.Select(p => p.Id).ToImmutableArray() : before.Partitions).RemoveRange(named);
            LoadCommand command = left.IsEmpty
                ? new LoadCommand.RemoveLoad(collection.Id)
                : new LoadCommand.PutLoad(before with { Whole = false, Partitions = left });
            return (await metadata.Append(command, cancel)).TryGet(out _, out failure) ? Result.Ok : failure;
        },
        cancel);

    private static Result<ImmutableArray<PartitionId>> Named(CollectionInfo collection, IReadOnlyCollection<string> names)
    {
        var ids = ImmutableArray.CreateBuilder<PartitionId>();
        foreach (var name in names)
        {
            if (collection.Partition(name) is not { } partition)
            {
                return Failure.PartitionNotFound(name);
            }

            ids.Add(partition.Id);
        }

        return ids.ToImmutable();
    }

    private static Result<ImmutableArray<FieldId>> Fields(CollectionInfo collection, IReadOnlyCollection<string> names)
    {
        var ids = ImmutableArray.CreateBuilder<FieldId>();
        foreach (var name in names)
        {
            if (collection.Schema.Find(name) is not { } field)
            {
                return Failure.FieldNotFound(name);
            }

            ids.Add(field.Id);
        }

        return names.Count > 0 && !ids.Contains(collection.Schema.PrimaryKey.Id)
            ? Failure.Invalid($"load field list {string.Join(", ", names)} does not contain primary key field {collection.Schema.PrimaryKey.Name}")
            : ids.ToImmutable();
    }
}
