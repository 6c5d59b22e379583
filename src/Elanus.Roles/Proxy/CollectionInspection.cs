using Elanus.Engine;

namespace Elanus.Roles;

/// <summary>What a collection holds: row counts, segments, index progress. Answers come from this node's own state.</summary>
public sealed class CollectionInspection(ProxyContext proxy, DataState state)
{
    /// <summary>Row counts and segments, after every write that was answered before the call.</summary>
    public async Task<Result<CollectionStatistics>> Statistics(CollectionInfo collection, CancellationToken cancel) =>
        (await proxy.Node.Reach(Freshness.Strong, cancel)).TryGet(out _, out var failure) && Data(collection).TryGet(out var data, out failure)
            ? data.Statistics()
            : failure;

    /// <summary>How far an index has been built; null where nothing is built for it (a scalar index).</summary>
    public Result<IndexProgress?> Progress(CollectionInfo collection, IndexInfo index) =>
        Data(collection).TryGet(out var data, out var failure) ? Result<IndexProgress?>.Ok(data.Progress(index.Id)) : failure;

    private Result<CollectionData> Data(CollectionInfo collection) => state.Find(collection.Id) is { } data
        ? data
        : Failure.CollectionNotFound(proxy.Metadata.Current.Root.DatabaseOf(collection).Name, collection.Name);
}
