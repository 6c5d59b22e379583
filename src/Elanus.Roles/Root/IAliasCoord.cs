namespace Elanus.Roles;

/// <summary>The root coordinator's aliases.</summary>
public interface IAliasCoord
{
    Task<Result<Unit>> Create(string databaseName, string collectionName, string alias, CancellationToken cancel);

    Task<Result<Unit>> Alter(string databaseName, string collectionName, string alias, CancellationToken cancel);

    Task<Result<Unit>> Drop(string databaseName, string alias, CancellationToken cancel);
}
