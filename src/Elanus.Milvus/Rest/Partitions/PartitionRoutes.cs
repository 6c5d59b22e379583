namespace Elanus.Milvus.Rest;

/// <summary>Calls about partitions.</summary>
internal sealed class PartitionRoutes(Proxy proxy)
{
    public IEnumerable<RestRoute> All =>
    [
        RestRoute.To("partitions/list", ["collectionName"], List),
        RestRoute.To("partitions/has", ["collectionName", "partitionName"], Has),
        RestRoute.To("partitions/get_stats", ["collectionName", "partitionName"], Statistics),
        RestRoute.To("partitions/create", ["collectionName", "partitionName"], Create),
        RestRoute.To("partitions/drop", ["collectionName", "partitionName"], Drop),
        RestRoute.To("partitions/load", ["collectionName", "partitionNames"], Load),
        RestRoute.To("partitions/release", ["collectionName", "partitionNames"], Release),
    ];

    private static string Name(RestCall call) => call.Body.Text("partitionName");

    private Result<RestReply> List(RestCall call) =>
        proxy.Context.Collection(call.Database, call.Collection).TryGet(out var collection, out var failure)
            ? RestReply.Names(collection.Partitions.Select(p => p.Name))
            : failure;

    private Result<RestReply> Has(RestCall call) =>
        proxy.Context.Collection(call.Database, call.Collection).TryGet(out var collection, out var failure)
            ? RestReply.Has(collection.Partition(Name(call)) is not null)
            : failure;

    private async Task<Result<RestReply>> Statistics(RestCall call)
    {
        if (!proxy.Context.Collection(call.Database, call.Collection).TryGet(out var collection, out var failure)
            || !(await proxy.Inspection.Statistics(collection, call.Cancel)).TryGet(out var statistics, out failure))
        {
            return failure;
        }

        return collection.Partition(Name(call)) is { } partition
            ? RestReply.RowCount(statistics.LiveRowsByPartition.GetValueOrDefault(partition.Id))
            : Failure.PartitionNotFound(Name(call));
    }

    private async Task<Result<RestReply>> Create(RestCall call) =>
        RestReply.Of(await proxy.Partitions.Create(call.Database, call.Collection, Name(call), call.Cancel));

    private async Task<Result<RestReply>> Drop(RestCall call) => RestReply.Of(
        await proxy.Partitions.Drop(
            call.Database,
            call.Collection,
            Name(call),
            (collection, partition) => proxy.Metadata.Loads.Of(collection.Id)?.Covers(partition) == true,
            call.Cancel));

    private async Task<Result<RestReply>> Load(RestCall call) =>
        RestReply.Of(await proxy.Loading.Load(call.Database, call.Collection, call.Body.Texts("partitionNames"), 0, [], call.Cancel));

    private async Task<Result<RestReply>> Release(RestCall call) =>
        RestReply.Of(await proxy.Loading.Release(call.Database, call.Collection, call.Body.Texts("partitionNames"), call.Cancel));
}
