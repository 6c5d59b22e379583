namespace Elanus.Roles;

/// <summary>The data coordinator: the life of segments.</summary>
public interface IDataCoord
{
    /// <summary>Seals what grows in a collection.</summary>
    Task<Result<FlushAnswer>> Flush(string databaseName, string collectionName, CancellationToken cancel);
}
