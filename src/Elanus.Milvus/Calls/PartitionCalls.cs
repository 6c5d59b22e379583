using Elanus.Milvus.Protocol;
using Elanus.Milvus.Protocol.Common;

namespace Elanus.Milvus;

/// <summary>Calls about partitions.</summary>
public sealed class PartitionCalls(Proxy proxy) : ICallGroup
{
    public void Route(CallRoutes routes) => routes
        .Add<CreatePartitionRequest, Status>("CreatePartition", Create)
        .Add<DropPartitionRequest, Status>("DropPartition", Drop)
        .Add<HasPartitionRequest, BoolResponse>("HasPartition", Has)
        .Add<ShowPartitionsRequest, ShowPartitionsResponse>("ShowPartitions", Show);

    public async Task<Status> Create(CreatePartitionRequest request, CallScope scope) => Statuses.Of(
        await proxy.Partitions.Create(scope.Database(request.DbName), request.CollectionName, request.PartitionName, scope.Cancel));

    public async Task<Status> Drop(DropPartitionRequest request, CallScope scope) => Statuses.Of(
        await proxy.Partitions.Drop(
            scope.Database(request.DbName),
            request.CollectionName,
            request.PartitionName,
            (collection, partition) => proxy.Metadata.Loads.Of(collection.Id)?.Covers(partition) == true,
            scope.Cancel));

    public BoolResponse Has(HasPartitionRequest request, CallScope scope) =>
        proxy.Context.Collection(scope.Database(request.DbName), request.CollectionName).TryGet(out var collection, out var failure)
            ? new() { Status = Statuses.Ok(), Value = collection.Partition(request.PartitionName) is not null }
            : new() { Status = Statuses.Of(failure) };

    public ShowPartitionsResponse Show(ShowPartitionsRequest request, CallScope scope)
    {
        var found = CollectionLookup.Find(proxy, scope.Database(request.DbName), request.CollectionName, request.CollectionID);
        if (!found.TryGet(out var target, out var failure))
        {
            return new() { Status = Statuses.Of(failure) };
        }

        var collection = target.Collection;
        if (request.PartitionNames.FirstOrDefault(name => collection.Partition(name) is null) is { } missing)
        {
            return new() { Status = Statuses.Of(Failure.PartitionNotFound(missing)) };
        }

        var load = proxy.Metadata.Loads.Of(collection.Id);
        var reply = new ShowPartitionsResponse { Status = Statuses.Ok() };
        foreach (var partition in collection.Partitions)
        {
            if (request.PartitionNames.Count > 0 && !request.PartitionNames.Contains(partition.Name))
            {
                continue;
            }

            if (request.Type == ShowType.InMemory)
            {
                if (load?.Covers(partition.Id) != true)
                {
                    continue;
                }

                reply.InMemoryPercentages.Add(100);
            }

            reply.PartitionNames.Add(partition.Name);
            reply.PartitionIDs.Add(partition.Id.Value);
            reply.CreatedTimestamps.Add(partition.Created.Value);
            reply.CreatedUtcTimestamps.Add(partition.Created.PhysicalMs);
        }

        return reply;
    }
}
