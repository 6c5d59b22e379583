using Elanus.Engine;

namespace Elanus.Roles;

/// <summary>All shards of every collection on one channel.</summary>
public sealed class DataChannels(ILog log, ChannelFollower follower) : IDataChannels
{
    public Task<Result<Unit>> CollectionCreated(CollectionInfo collection, CancellationToken cancel) =>
        Done(new CollectionCreated(collection.Id, collection.Schema, [.. collection.Partitions.Select(p => p.Id)], collection.Shards), cancel);

    public Task<Result<Unit>> SchemaChanged(CollectionInfo collection, CancellationToken cancel) =>
        Done(new SchemaChanged(collection.Id, collection.Schema), cancel);

    public Task<Result<Unit>> PartitionCreated(CollectionInfo collection, PartitionId partition, CancellationToken cancel) =>
        Done(new PartitionCreated(collection.Id, partition), cancel);

    public Task<Result<Unit>> PartitionDropped(CollectionId collection, PartitionId partition, CancellationToken cancel) =>
        Done(new PartitionDropped(collection, partition), cancel);

    public Task<Result<Unit>> Truncated(CollectionInfo collection, CancellationToken cancel) => Done(new Truncated(collection.Id), cancel);

    public Task<Result<Unit>> CollectionDropped(CollectionId collection, CancellationToken cancel) => Done(new CollectionDropped(collection), cancel);

    public async Task<Result<Timestamp>> Sealed(Seal seal, CancellationToken cancel) =>
        (await Append(seal, cancel)).TryGet(out var at, out var failure) ? at.Timestamp : failure;

    /// <summary>Appends a record about segments and waits until it is applied here.</summary>
    public async Task<Result<Appended>> Append(DataRecord record, CancellationToken cancel)
    {
        var encoded = DataRecordCodec.Encode(record);
        var appended = await log.AppendOfChange(new(encoded.Kind), encoded.Payload, cancel);
        if (!appended.TryGet(out var at, out var failure))
        {
            return failure;
        }

        // Whoever gives up now leaves the change as it is: the next one must be checked against it.
        await follower.WaitFor(at.Position, CancellationToken.None);
        return at;
    }

    private async Task<Result<Unit>> Done(DataRecord record, CancellationToken cancel) =>
        (await Append(record, cancel)).TryGet(out _, out var failure) ? Result.Ok : failure;
}
