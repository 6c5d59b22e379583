using Elanus.Expressions;

namespace Elanus.Roles;

/// <summary>A read after its names are resolved and its filter is compiled.</summary>
/// <param name="Partitions">The partitions to read; empty for all.</param>
internal sealed record ReadPlan(CollectionInfo Collection, IReadOnlyList<PartitionId> Partitions, FilterPlan Filter)
{
    /// <summary>Resolves a scope: the collection must be loaded, the partitions must exist and be loaded, the filter must compile.</summary>
    public static Result<ReadPlan> Make(ProxyContext proxy, ReadScope scope)
    {
        if (!proxy.Collection(scope.Database, scope.Collection).TryGet(out var collection, out var failure))
        {
            return failure;
        }

        if (proxy.Metadata.Current.Loads.Of(collection.Id) is not { } load)
        {
            return Failure.Of(FailureCode.CollectionNotLoaded, ("collection", collection.Name));
        }

        if (!Named(collection, load, scope.Partitions).TryGet(out var partitions, out failure)
            || !ExpressionCompiler.Compile(scope.Filter, collection.Schema, scope.Templates).TryGet(out var filter, out failure))
        {
            return failure;
        }

        return new ReadPlan(collection, Pruned(collection, partitions, filter), filter);
    }

    /// <summary>The same scope with another filter, of one search among several.</summary>
    public Result<FilterPlan> Compile(ReadScope scope) => ExpressionCompiler.Compile(scope.Filter, Collection.Schema, scope.Templates);

    private static Result<IReadOnlyList<PartitionId>> Named(CollectionInfo collection, LoadInfo load, IReadOnlyList<string> names)
    {
        var ids = new List<PartitionId>();
        if (names.Count == 0)
        {
            return Result<IReadOnlyList<PartitionId>>.Ok(load.Whole ? [] : load.Partitions);
        }

        if (collection.Schema.PartitionKey is not null)
        {
            return Failure.Invalid("not support manually specifying the partition names if partition key mode is used");
        }

        foreach (var name in names)
        {
            if (collection.Partition(name) is not { } partition)
            {
                return Failure.PartitionNotFound(name);
            }

            if (!load.Covers(partition.Id))
            {
                return Failure.Of(FailureCode.PartitionNotLoaded, ("partition", name));
            }

            ids.Add(partition.Id);
        }

        return ids;
    }

    /// <summary>Where the filter fixes the partition key, only the partitions that its values hash to.</summary>
    private static IReadOnlyList<PartitionId> Pruned(CollectionInfo collection, IReadOnlyList<PartitionId> partitions, FilterPlan filter)
    {
        if (collection.Schema.PartitionKey is not { } key || filter.KeysOf(key.Id) is not { } fixedKeys)
        {
            return partitions;
        }

        var hashed = new HashSet<PartitionId>();
        var values = KeySet.Column(key, fixedKeys.Values);
        for (var row = 0; row < values.Rows; row++)
        {
            hashed.Add(collection.Partitions[RowPlacement.PartitionOf(values.Bytes(row), collection.Partitions.Length)].Id);
        }

        var kept = (partitions.Count == 0 ? collection.Partitions.Select(p => p.Id) : partitions).Where(hashed.Contains).ToList();

        // An empty list means all partitions; no value at all needs just one, where nothing will match.
        return kept.Count > 0 ? kept : [collection.Partitions[0].Id];
    }
}
