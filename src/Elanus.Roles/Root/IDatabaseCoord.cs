namespace Elanus.Roles;

/// <summary>The root coordinator's databases.</summary>
public interface IDatabaseCoord
{
    /// <summary>Makes the default database in a new log.</summary>
    Task<Result<Unit>> EnsureDefault(CancellationToken cancel);

    Task<Result<Unit>> Create(string name, IReadOnlyCollection<KeyValuePair<string, string>> properties, CancellationToken cancel);

    Task<Result<Unit>> Drop(string name, CancellationToken cancel);

    Task<Result<Unit>> Alter(
        string name,
        IReadOnlyCollection<KeyValuePair<string, string>> set,
        IReadOnlyCollection<string> delete,
        CancellationToken cancel);
}
