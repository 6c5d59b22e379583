namespace Elanus.Roles;

/// <summary>The root coordinator's users.</summary>
public interface IUserCoord
{
    IEnumerable<string> Names { get; }

    /// <summary>Whether a user with this password exists; the first time for a pair this takes tens of milliseconds. Fails where too many wait to know.</summary>
    ValueTask<Result<bool>> Verify(string name, string password, CancellationToken cancel);

    /// <summary>Makes the root user in a new log.</summary>
    Task<Result<Unit>> EnsureRoot(string password, CancellationToken cancel);

    Task<Result<Unit>> Create(string name, string password, CancellationToken cancel);

    /// <summary>Changes a password; the old one must be right.</summary>
    Task<Result<Unit>> Update(string name, string oldPassword, string newPassword, CancellationToken cancel);

    Task<Result<Unit>> Drop(string name, CancellationToken cancel);
}
