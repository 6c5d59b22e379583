using System.Globalization;
using Elanus.Milvus.Protocol;

namespace Elanus.Milvus;

/// <summary>Calls that show collections.</summary>
public sealed class CollectionViews(Proxy proxy) : ICallGroup
{
    public void Route(CallRoutes routes) => routes
        .Add<HasCollectionRequest, BoolResponse>("HasCollection", Has)
        .Add<DescribeCollectionRequest, DescribeCollectionResponse>("DescribeCollection", Describe)
        .Add<BatchDescribeCollectionRequest, BatchDescribeCollectionResponse>("BatchDescribeCollection", DescribeAll)
        .Add<ShowCollectionsRequest, ShowCollectionsResponse>("ShowCollections", Show);

    public BoolResponse Has(HasCollectionRequest request, CallScope scope)
    {
        var found = proxy.Context.Collection(scope.Database(request.DbName), request.CollectionName);
        return found.TryGet(out _, out var failure) || failure.Code == FailureCode.CollectionNotFound
            ? new() { Status = Statuses.Ok(), Value = found.Succeeded }
            : new() { Status = Statuses.Of(failure) };
    }

    public DescribeCollectionResponse Describe(DescribeCollectionRequest request, CallScope scope)
    {
        var found = CollectionLookup.Find(proxy, scope.Database(request.DbName), request.CollectionName, request.CollectionID);
        return found.TryGet(out var target, out var failure) ? Shown(target.Collection, target.Database) : new() { Status = Statuses.Of(failure) };
    }

    public BatchDescribeCollectionResponse DescribeAll(BatchDescribeCollectionRequest request, CallScope scope)
    {
        var database = scope.Database(request.DbName);
        var reply = new BatchDescribeCollectionResponse { Status = Statuses.Ok() };
        foreach (var (name, id) in request.CollectionName.Select(n => (n, 0L)).Concat(request.CollectionID.Select(i => ("", i))))
        {
            if (!CollectionLookup.Find(proxy, database, name, id).TryGet(out var target, out var failure))
            {
                return new() { Status = Statuses.Of(failure) };
            }

            reply.Responses.Add(Shown(target.Collection, target.Database));
        }

        return reply;
    }

    public ShowCollectionsResponse Show(ShowCollectionsRequest request, CallScope scope)
    {
        var database = scope.Database(request.DbName);
        var metadata = proxy.Metadata;
        if (!metadata.Root.Databases.TryGetValue(database, out var known))
        {
            return new() { Status = Statuses.Of(Failure.DatabaseNotFound(database)) };
        }

        var shown = metadata.Root.CollectionsOf(known.Id);
        if (request.CollectionNames.Count > 0)
        {
            var named = new List<CollectionInfo>();
            foreach (var name in request.CollectionNames)
            {
                if (!proxy.Context.Collection(database, name).TryGet(out var collection, out var failure))
                {
                    return new() { Status = Statuses.Of(failure) };
                }

                named.Add(collection);
            }

            shown = named;
        }

        var reply = new ShowCollectionsResponse { Status = Statuses.Ok() };
        foreach (var collection in shown.OrderBy(c => c.Name, StringComparer.Ordinal))
        {
            var isLoaded = metadata.Loads.Of(collection.Id) is not null;
            if (request.Type == ShowType.InMemory)
            {
                if (!isLoaded)
                {
                    continue;
                }

                reply.InMemoryPercentages.Add(100);
                reply.QueryServiceAvailable.Add(true);
            }

            reply.CollectionNames.Add(collection.Name);
            reply.CollectionIds.Add(collection.Id.Value);
            reply.CreatedTimestamps.Add(collection.Created.Value);
            reply.CreatedUtcTimestamps.Add(collection.Created.PhysicalMs);
            reply.ShardsNum.Add(collection.Shards);
        }

        return reply;
    }

    private DescribeCollectionResponse Shown(CollectionInfo collection, string database)
    {
        var reply = new DescribeCollectionResponse
        {
            Status = Statuses.Ok(),
            Schema = SchemaWriting.Collection(collection.Schema, database),
            CollectionID = collection.Id.Value,
            CollectionName = collection.Name,
            DbName = database,
            DbId = collection.Database.Value,
            CreatedTimestamp = collection.Created.Value,
            CreatedUtcTimestamp = collection.Created.PhysicalMs,
            UpdateTimestamp = collection.Updated.Value,
            UpdateTimestampStr = collection.Updated.Value.ToString(CultureInfo.InvariantCulture),
            RequestTime = proxy.Context.Clock.Now().Value,
            ShardsNum = collection.Shards,
            ConsistencyLevel = (Protocol.Common.ConsistencyLevel)collection.Consistency,
            NumPartitions = collection.Partitions.Length,
        };
        for (var shard = 0; shard < collection.Shards; shard++)
        {
            reply.VirtualChannelNames.Add(ChannelNames.Virtual(collection.Id, shard));
            reply.PhysicalChannelNames.Add(ChannelNames.Physical);
        }

        reply.Aliases.AddRange(proxy.Metadata.Root.AliasesOf(collection.Id).Select(a => a.Name));
        reply.Properties.AddPairs(collection.Properties);
        return reply;
    }
}
