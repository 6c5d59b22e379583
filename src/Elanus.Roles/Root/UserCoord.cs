namespace Elanus.Roles;

/// <summary>Users and their passwords, of which only slow salted hashes are stored (<see cref="Passwords"/>).</summary>
public sealed class UserCoord(RootContext root, Passwords passwords) : IUserCoord
{
    public const string RootName = "root";

    private bool HasRoot => root.State.Users.ContainsKey(RootName);

    public IEnumerable<string> Names => root.State.Users.Keys;

    /// <summary>Makes the root user in a new log; where it is there nothing is changed, or mended.</summary>
    public async Task<Result<Unit>> EnsureRoot(string password, CancellationToken cancel) => HasRoot ? Result.Ok : await root.Alone<Unit>(
        async () => HasRoot ? Result.Ok : await root.Append(new RootCommand.PutUser(await passwords.Hashed(RootName, password, cancel)), cancel),
        cancel);

    public Task<Result<Unit>> Create(string name, string password, CancellationToken cancel) => root.Alone<Unit>(
        async () =>
        {
            if ((CheckName(name) ?? CheckPassword(password)) is { } bad)
            {
                return bad;
            }

            return root.State.Users.ContainsKey(name)
                ? Failure.Invalid($"user already exists: {name}")
                : await root.Append(new RootCommand.PutUser(await passwords.Hashed(name, password, cancel)), cancel);
        },
        cancel);

    /// <summary>Changes a password; the old one must be right.</summary>
    public Task<Result<Unit>> Update(string name, string oldPassword, string newPassword, CancellationToken cancel) => root.Alone<Unit>(
        async () =>
        {
            if (CheckPassword(newPassword) is { } weak)
            {
                return weak;
            }

            if (!(await Verify(name, oldPassword, cancel)).TryGet(out var isRight, out var failure))
            {
                return failure;
            }

            return isRight
                ? await root.Append(new RootCommand.PutUser(await passwords.Hashed(name, newPassword, cancel)), cancel)
                : new Failure(FailureCode.NotAuthenticated, $"old password not correct for {name}");
        },
        cancel);

    public Task<Result<Unit>> Drop(string name, CancellationToken cancel) => root.Alone<Unit>(
        async () =>
        {
            if (name == RootName)
            {
                return Failure.Invalid("user root cannot be deleted");
            }

            return root.State.Users.ContainsKey(name)
                ? await root.Append(new RootCommand.RemoveUser(name), cancel)
                : Failure.Invalid($"not found the user, maybe the user isn't existed or invalid format: {name}");
        },
        cancel);

    /// <summary>Whether a user with this password exists; the first time for a pair this takes tens of milliseconds.</summary>
    public ValueTask<Result<bool>> Verify(string name, string password, CancellationToken cancel) =>
        root.State.Users.TryGetValue(name, out var user) ? passwords.Verify(user, password, cancel) : new(Result<bool>.Ok(false));

    private static Failure? CheckName(string name) => NameRules.Check("user", name, lengthMax: 32, more: "-.@");

    private static Failure? CheckPassword(string password) => password.Length is >= 6 and <= 72
        ? null
        : Failure.Invalid($"the length of password must be great than or equal to 6 and less than 72 characters, got {password.Length}");
}
