using Elanus.Milvus.Protocol;
using Elanus.Milvus.Protocol.Common;
using Google.Protobuf.Collections;

namespace Elanus.Milvus;

/// <summary>Calls that load and release.</summary>
public sealed class LoadCalls(Proxy proxy) : ICallGroup
{
    private const string DefaultResourceGroup = "__default_resource_group";

    public void Route(CallRoutes routes) => routes
        .Add<LoadCollectionRequest, Status>("LoadCollection", LoadCollection)
        .Add<ReleaseCollectionRequest, Status>("ReleaseCollection", ReleaseCollection)
        .Add<LoadPartitionsRequest, Status>("LoadPartitions", LoadPartitions)
        .Add<ReleasePartitionsRequest, Status>("ReleasePartitions", ReleasePartitions)
        .Add<GetLoadingProgressRequest, GetLoadingProgressResponse>("GetLoadingProgress", Progress)
        .Add<GetLoadStateRequest, GetLoadStateResponse>("GetLoadState", State);

    public Task<Status> LoadCollection(LoadCollectionRequest request, CallScope scope) => Load(
        scope.Database(request.DbName), request.CollectionName, [], request.ReplicaNumber, request.LoadFields, request.ResourceGroups, request.Refresh, scope.Cancel);

    public Task<Status> LoadPartitions(LoadPartitionsRequest request, CallScope scope) => request.PartitionNames.Count == 0
        ? Task.FromResult(Statuses.Of(Failure.Invalid("due to no partition specified")))
        : Load(
            scope.Database(request.DbName),
            request.CollectionName,
            request.PartitionNames,
            request.ReplicaNumber,
            request.LoadFields,
            request.ResourceGroups,
            request.Refresh,
            scope.Cancel);

    public async Task<Status> ReleaseCollection(ReleaseCollectionRequest request, CallScope scope) =>
        Statuses.Of(await proxy.Loading.Release(scope.Database(request.DbName), request.CollectionName, [], scope.Cancel));

    public async Task<Status> ReleasePartitions(ReleasePartitionsRequest request, CallScope scope) => request.PartitionNames.Count == 0
        ? Statuses.Of(Failure.Invalid("due to no partition specified"))
        : Statuses.Of(await proxy.Loading.Release(scope.Database(request.DbName), request.CollectionName, request.PartitionNames, scope.Cancel));

    public GetLoadingProgressResponse Progress(GetLoadingProgressRequest request, CallScope scope)
    {
        if (!proxy.Context.Collection(scope.Database(request.DbName), request.CollectionName).TryGet(out var collection, out var failure)
            || !IsLoaded(collection, request.PartitionNames).TryGet(out var isLoaded, out failure))
        {
            return new() { Status = Statuses.Of(failure) };
        }

        return isLoaded
            ? new() { Status = Statuses.Ok(), Progress = 100, RefreshProgress = 100 }
            : new() { Status = Statuses.Of(NotLoaded(collection, request.PartitionNames)) };
    }

    public GetLoadStateResponse State(GetLoadStateRequest request, CallScope scope)
    {
        if (!proxy.Context.Collection(scope.Database(request.DbName), request.CollectionName).TryGet(out var collection, out var failure))
        {
            return failure.Code == FailureCode.CollectionNotFound
                ? new() { Status = Statuses.Ok(), State = Protocol.Common.LoadState.NotExist }
                : new() { Status = Statuses.Of(failure) };
        }

        return IsLoaded(collection, request.PartitionNames).TryGet(out var isLoaded, out failure)
            ? new() { Status = Statuses.Ok(), State = isLoaded ? Protocol.Common.LoadState.Loaded : Protocol.Common.LoadState.NotLoad }
            : new() { Status = Statuses.Of(failure) };
    }

    private async Task<Status> Load(
        string database,
        string collectionName,
        IReadOnlyCollection<string> partitions,
        int replicas,
        IReadOnlyCollection<string> fields,
        IReadOnlyCollection<string> resourceGroups,
        bool refresh,
        CancellationToken cancel)
    {
        if (resourceGroups.FirstOrDefault(g => g != DefaultResourceGroup) is { } unknown)
        {
            return Statuses.Of(Failure.Of(FailureCode.ResourceGroupNotFound, ("rg", unknown)));
        }

        if (refresh && proxy.Context.Collection(database, collectionName).TryGet(out var known, out _) && proxy.Metadata.Loads.Of(known.Id) is null)
        {
            return Statuses.Of(NotLoaded(known, []));
        }

        return Statuses.Of(await proxy.Loading.Load(database, collectionName, partitions, replicas, fields, cancel));
    }

    private Result<bool> IsLoaded(CollectionInfo collection, IReadOnlyCollection<string> partitions)
    {
        var load = proxy.Metadata.Loads.Of(collection.Id);
        foreach (var name in partitions)
        {
            if (collection.Partition(name) is not { } partition)
            {
                return Failure.PartitionNotFound(name);
            }

            if (load?.Covers(partition.Id) != true)
            {
                return false;
            }
        }

        return load is not null;
    }

    private static Failure NotLoaded(CollectionInfo collection, RepeatedField<string> partitions) => partitions.Count == 0
        ? Failure.Of(FailureCode.CollectionNotLoaded, ("collection", collection.Name))
        : Failure.Of(FailureCode.PartitionNotLoaded, ("partition", string.Join(' ', partitions)));
}
