namespace Elanus.Roles;

/// <summary>The index coordinator: index definitions of collections.</summary>
public interface IIndexCoord
{
    Task<Result<IndexInfo>> Create(string databaseName, string collectionName, IndexDraft draft, CancellationToken cancel);

    Task<Result<Unit>> Alter(
        string databaseName,
        string collectionName,
        string indexName,
        IReadOnlyCollection<KeyValuePair<string, string>> set,
        IReadOnlyCollection<string> delete,
        CancellationToken cancel);

    Task<Result<Unit>> Drop(string databaseName, string collectionName, string fieldName, string indexName, CancellationToken cancel);
}
