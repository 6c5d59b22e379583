namespace Elanus.Roles;

/// <summary>
/// Puts what changes the meaning of a collection's rows into every data channel of it, so that a channel can be applied from itself alone.
/// Each call completes when the records are committed and applied here.
/// </summary>
public interface IDataChannels
{
    Task<Result<Unit>> CollectionCreated(CollectionInfo collection, CancellationToken cancel);

    Task<Result<Unit>> SchemaChanged(CollectionInfo collection, CancellationToken cancel);

    Task<Result<Unit>> PartitionCreated(CollectionInfo collection, PartitionId partition, CancellationToken cancel);

    Task<Result<Unit>> PartitionDropped(CollectionId collection, PartitionId partition, CancellationToken cancel);

    Task<Result<Unit>> Truncated(CollectionInfo collection, CancellationToken cancel);

    Task<Result<Unit>> CollectionDropped(CollectionId collection, CancellationToken cancel);
}
