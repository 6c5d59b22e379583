namespace Elanus.Roles;

/// <summary>The root coordinator's collections.</summary>
public interface ICollectionCoord
{
    Task<Result<CollectionInfo>> Create(string databaseName, CollectionDraft draft, CancellationToken cancel);

    Task<Result<Unit>> Drop(string databaseName, string name, CancellationToken cancel);

    Task<Result<Unit>> Rename(string databaseName, string name, string newDatabaseName, string newName, CancellationToken cancel);

    /// <summary>Removes all rows; schema and indexes stay.</summary>
    Task<Result<Unit>> Truncate(string databaseName, string name, CancellationToken cancel);

    Task<Result<Unit>> AlterProperties(
        string databaseName,
        string name,
        IReadOnlyCollection<KeyValuePair<string, string>> set,
        IReadOnlyCollection<string> delete,
        CancellationToken cancel);

    Task<Result<Unit>> AddField(string databaseName, string name, FieldSchema asked, CancellationToken cancel);

    Task<Result<Unit>> AlterField(
        string databaseName,
        string name,
        string fieldName,
        IReadOnlyCollection<KeyValuePair<string, string>> set,
        IReadOnlyCollection<string> delete,
        CancellationToken cancel);
}
