using System.Globalization;
using Elanus.Engine;
using Elanus.Milvus.Protocol;
using Elanus.Milvus.Protocol.Common;

namespace Elanus.Milvus;

/// <summary>Calls that show row counts, segments and replicas.</summary>
public sealed class SegmentCalls(Proxy proxy, ServerIdentity server) : ICallGroup
{
    private const string RowCountKey = "row_count";
    internal const string DefaultResourceGroup = "__default_resource_group";

    public void Route(CallRoutes routes) => routes
        .Add<GetCollectionStatisticsRequest, GetCollectionStatisticsResponse>("GetCollectionStatistics", OfCollection)
        .Add<GetPartitionStatisticsRequest, GetPartitionStatisticsResponse>("GetPartitionStatistics", OfPartition)
        .Add<GetPersistentSegmentInfoRequest, GetPersistentSegmentInfoResponse>("GetPersistentSegmentInfo", Persistent)
        .Add<GetQuerySegmentInfoRequest, GetQuerySegmentInfoResponse>("GetQuerySegmentInfo", Loaded)
        .Add<GetReplicasRequest, GetReplicasResponse>("GetReplicas", Replicas);

    public async Task<GetCollectionStatisticsResponse> OfCollection(GetCollectionStatisticsRequest request, CallScope scope)
    {
        if (!(await Find(scope.Database(request.DbName), request.CollectionName, scope.Cancel)).TryGet(out var found, out var failure))
        {
            return new() { Status = Statuses.Of(failure) };
        }

        var reply = new GetCollectionStatisticsResponse { Status = Statuses.Ok() };
        reply.Stats.AddPair(RowCountKey, found.Statistics.LiveRows.ToString(CultureInfo.InvariantCulture));
        return reply;
    }

    public async Task<GetPartitionStatisticsResponse> OfPartition(GetPartitionStatisticsRequest request, CallScope scope)
    {
        if (!(await Find(scope.Database(request.DbName), request.CollectionName, scope.Cancel)).TryGet(out var found, out var failure))
        {
            return new() { Status = Statuses.Of(failure) };
        }

        if (found.Collection.Partition(request.PartitionName) is not { } partition)
        {
            return new() { Status = Statuses.Of(Failure.PartitionNotFound(request.PartitionName)) };
        }

        var reply = new GetPartitionStatisticsResponse { Status = Statuses.Ok() };
        reply.Stats.AddPair(RowCountKey, found.Statistics.LiveRowsByPartition.GetValueOrDefault(partition.Id).ToString(CultureInfo.InvariantCulture));
        return reply;
    }

    public async Task<GetPersistentSegmentInfoResponse> Persistent(GetPersistentSegmentInfoRequest request, CallScope scope)
    {
        if (!(await Find(scope.Database(request.DbName), request.CollectionName, scope.Cancel)).TryGet(out var found, out var failure))
        {
            return new() { Status = Statuses.Of(failure) };
        }

        var reply = new GetPersistentSegmentInfoResponse { Status = Statuses.Ok() };
        foreach (var segment in found.Statistics.Segments)
        {
            reply.Infos.Add(new PersistentSegmentInfo
            {
                SegmentID = segment.Id.Value,
                CollectionID = found.Collection.Id.Value,
                PartitionID = segment.Partition.Value,
                NumRows = segment.LiveRows,
                State = segment.IsSealed ? Protocol.Common.SegmentState.Flushed : Protocol.Common.SegmentState.Growing,
                Level = SegmentLevel.L1,
            });
        }

        return reply;
    }

    public async Task<GetQuerySegmentInfoResponse> Loaded(GetQuerySegmentInfoRequest request, CallScope scope)
    {
        if (!(await Find(scope.Database(request.DbName), request.CollectionName, scope.Cancel)).TryGet(out var found, out var failure))
        {
            return new() { Status = Statuses.Of(failure) };
        }

        if (proxy.Metadata.Loads.Of(found.Collection.Id) is not { } load)
        {
            return new() { Status = Statuses.Of(Failure.Of(FailureCode.CollectionNotLoaded, ("collection", found.Collection.Name))) };
        }

        var reply = new GetQuerySegmentInfoResponse { Status = Statuses.Ok() };
        foreach (var segment in found.Statistics.Segments.Where(s => load.Covers(s.Partition)))
        {
            reply.Infos.Add(new QuerySegmentInfo
            {
                SegmentID = segment.Id.Value,
                CollectionID = found.Collection.Id.Value,
                PartitionID = segment.Partition.Value,
                NumRows = segment.LiveRows,
                MemSize = segment.Bytes,
                State = segment.IsSealed ? Protocol.Common.SegmentState.Sealed : Protocol.Common.SegmentState.Growing,
                Level = SegmentLevel.L1,
                NodeID = server.ProtocolNodeId,
                NodeIds = { server.ProtocolNodeId },
            });
        }

        return reply;
    }

    public GetReplicasResponse Replicas(GetReplicasRequest request, CallScope scope)
    {
        var found = CollectionLookup.Find(proxy, scope.Database(request.DbName), request.CollectionName, request.CollectionID);
        if (!found.TryGet(out var target, out var failure))
        {
            return new() { Status = Statuses.Of(failure) };
        }

        var collection = target.Collection;
        if (proxy.Metadata.Loads.Of(collection.Id) is not { } load)
        {
            return new() { Status = Statuses.Ok() };
        }

        var replica = new ReplicaInfo
        {
            // A node alone holds one replica of what is loaded, so the collection's id names it.
            ReplicaID = collection.Id.Value,
            CollectionID = collection.Id.Value,
            ResourceGroupName = DefaultResourceGroup,
            NodeIds = { server.ProtocolNodeId },
            PartitionIds = { collection.Partitions.Where(p => load.Covers(p.Id)).Select(p => p.Id.Value) },
        };
        for (var shard = 0; shard < collection.Shards; shard++)
        {
            replica.ShardReplicas.Add(new ShardReplica
            {
                LeaderID = server.ProtocolNodeId,
                LeaderAddr = server.Address,
                DmChannelName = ChannelNames.Virtual(collection.Id, shard),
                NodeIds = { request.WithShardNodes ? [server.ProtocolNodeId] : Array.Empty<long>() },
            });
        }

        return new() { Status = Statuses.Ok(), Replicas = { replica } };
    }

    private async Task<Result<(CollectionInfo Collection, CollectionStatistics Statistics)>> Find(string database, string name, CancellationToken cancel) =>
        proxy.Context.Collection(database, name).TryGet(out var collection, out var failure)
        && (await proxy.Inspection.Statistics(collection, cancel)).TryGet(out var statistics, out failure)
            ? (collection, statistics)
            : failure;
}
