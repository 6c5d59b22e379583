namespace Elanus.Roles;

/// <summary>The query coordinator: what is loaded, and how far.</summary>
public interface IQueryCoord
{
    /// <param name="partitions">Names; empty for the whole collection.</param>
    /// <param name="fields">Names of the fields to load; empty for all.</param>
    Task<Result<Unit>> Load(
        string databaseName,
        string collectionName,
        IReadOnlyCollection<string> partitions,
        int replicas,
        IReadOnlyCollection<string> fields,
        CancellationToken cancel);

    /// <param name="partitions">Names; empty for the whole collection.</param>
    Task<Result<Unit>> Release(string databaseName, string collectionName, IReadOnlyCollection<string> partitions, CancellationToken cancel);
}
