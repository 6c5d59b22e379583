namespace Elanus.Roles;

/// <summary>The root coordinator's partitions.</summary>
public interface IPartitionCoord
{
    Task<Result<Unit>> Create(string databaseName, string collectionName, string name, CancellationToken cancel);

    /// <param name="isLoaded">Whether a partition is loaded; a loaded one is not dropped.</param>
    Task<Result<Unit>> Drop(
        string databaseName,
        string collectionName,
        string name,
        Func<CollectionInfo, PartitionId, bool> isLoaded,
        CancellationToken cancel);
}
