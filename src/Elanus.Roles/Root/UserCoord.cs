using System.Collections.Concurrent;
using System.Security.Cryptography;

namespace Elanus.Roles;

/// <summary>
/// Users and their passwords. Stored: PBKDF2 (RFC 8018) with HMAC-SHA-512, a random salt a user. Verifying is slow by design, so a verified
/// pair is remembered in memory, as a keyed hash, until the user changes.
/// </summary>
public sealed class UserCoord : IUserCoord
{
    public const string RootName = "root";

    private const int Iterations = 120_000;
    private const int HashBytes = 64;
    private const int SaltBytes = 16;
    private const int RememberedMax = 10_000;

    private readonly RootContext root;
    private readonly IRandomSource random;
    private readonly byte[] rememberKey = new byte[32];
    private readonly ConcurrentDictionary<(string Name, string Password), UserInfo> remembered = new();

    public UserCoord(RootContext root, IRandomSource random)
    {
        this.root = root;
        this.random = random;
        random.Fill(rememberKey);
    }

    public IEnumerable<string> Names => root.State.Users.Keys;

    /// <summary>Makes the root user in a new log.</summary>
    public Task<Result<Unit>> EnsureRoot(string password, CancellationToken cancel) => root.Alone<Unit>(
        async () => root.State.Users.ContainsKey(RootName)
            ? Result.Ok
            : await root.Append(new RootCommand.PutUser(Hashed(RootName, password)), cancel),
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
                : await root.Append(new RootCommand.PutUser(Hashed(name, password)), cancel);
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

            return Verify(name, oldPassword)
                ? await root.Append(new RootCommand.PutUser(Hashed(name, newPassword)), cancel)
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
    public bool Verify(string name, string password)
    {
        if (!root.State.Users.TryGetValue(name, out var user))
        {
            return false;
        }

        var key = (name, Convert.ToBase64String(HMACSHA256.HashData(rememberKey, System.Text.Encoding.UTF8.GetBytes(password))));
        if (remembered.TryGetValue(key, out var verified) && ReferenceEquals(verified, user))
        {
            return true;
        }

        var hash = Rfc2898DeriveBytes.Pbkdf2(password, user.Salt, user.Iterations, HashAlgorithmName.SHA512, user.Hash.Length);
        if (!CryptographicOperations.FixedTimeEquals(hash, user.Hash))
        {
            return false;
        }

        if (remembered.Count >= RememberedMax)
        {
            remembered.Clear();
        }

        remembered[key] = user;
        return true;
    }

    private UserInfo Hashed(string name, string password)
    {
        var salt = new byte[SaltBytes];
        random.Fill(salt);
        return new(name, salt, Iterations, Rfc2898DeriveBytes.Pbkdf2(password, salt, Iterations, HashAlgorithmName.SHA512, HashBytes));
    }

    private static Failure? CheckName(string name) => NameRules.Check("user", name, lengthMax: 32, more: "-.@");

    private static Failure? CheckPassword(string password) => password.Length is >= 6 and <= 72
        ? null
        : Failure.Invalid($"the length of password must be great than or equal to 6 and less than 72 characters, got {password.Length}");
}
