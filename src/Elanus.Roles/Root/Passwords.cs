using System.Collections.Concurrent;
using System.Security.Cryptography;

namespace Elanus.Roles;

/// <summary>
/// Hashes and verifies passwords: PBKDF2 (RFC 8018) with HMAC-SHA-512, a random salt a user. That is slow by design and asked for by callers
/// whom nobody knows yet, so it runs one at a time beside all other work, few may wait for it, and a pair that was verified or refused
/// once is remembered in memory, as a keyed hash, until the user changes. Any thread.
/// </summary>
public sealed class Passwords
{
    /// <summary>PBKDF2 iterations; a user keeps those it was made with.</summary>
    public const int RoundsDefault = 120_000;

    private const int HashBytes = 64;
    private const int SaltBytes = 16;

    /// <summary>Pairs remembered of each kind.</summary>
    private const int RememberedMax = 10_000;

    /// <summary>Callers that wait for a verification, each for some hundred milliseconds of every caller before it.</summary>
    public const int WaitingMax = 64;

    private readonly IRandomSource random;
    private readonly IWorkScheduler work;
    private readonly int rounds;
    private readonly AsyncGate gate = new();
    private readonly byte[] rememberKey = new byte[32];
    private readonly ConcurrentDictionary<(string Name, string Password), UserInfo> right = new();
    private readonly ConcurrentDictionary<(string Name, string Password), UserInfo> wrong = new();
    private int waiting;

    public Passwords(IRandomSource random, IWorkScheduler work, int rounds = RoundsDefault)
    {
        this.rounds = rounds;
        this.random = random;
        this.work = work;
        random.Fill(rememberKey);
    }

    /// <summary>A user with this password.</summary>
    public async Task<UserInfo> Hashed(string name, string password, CancellationToken cancel)
    {
        var salt = new byte[SaltBytes];
        random.Fill(salt);
        return new(name, salt, rounds, await Hash(password, salt, rounds, HashBytes, cancel));
    }

    /// <summary>Whether this is the user's password; fails where too many wait to know.</summary>
    public async ValueTask<Result<bool>> Verify(UserInfo user, string password, CancellationToken cancel)
    {
        var pair = (user.Name, Convert.ToBase64String(HMACSHA256.HashData(rememberKey, System.Text.Encoding.UTF8.GetBytes(password))));
        if (Known(user, pair) is { } known)
        {
            return known;
        }

        try
        {
            if (Interlocked.Increment(ref waiting) > WaitingMax)
            {
                return new Failure(FailureCode.TooManyRequests, "too many credentials wait to be verified, try again");
            }

            await gate.EnterAsync(cancel);
            try
            {
                return Known(user, pair) ?? await Compare(user, pair, password, cancel);
            }
            finally
            {
                gate.Leave();
            }
        }
        finally
        {
            Interlocked.Decrement(ref waiting);
        }
    }

    private bool? Known(UserInfo user, (string Name, string Password) pair) =>
        right.TryGetValue(pair, out var verified) && ReferenceEquals(verified, user) ? true
        : wrong.TryGetValue(pair, out var refused) && ReferenceEquals(refused, user) ? false
        : null;

    private async Task<bool> Compare(UserInfo user, (string Name, string Password) pair, string password, CancellationToken cancel)
    {
        var hash = await Hash(password, user.Salt, user.Iterations, user.Hash.Length, cancel);
        var isRight = CryptographicOperations.FixedTimeEquals(hash, user.Hash);
        var remembered = isRight ? right : wrong;
        if (remembered.Count >= RememberedMax)
        {
            remembered.Clear();
        }

        remembered[pair] = user;
        return isRight;
    }

    private Task<byte[]> Hash(string password, byte[] salt, int iterations, int bytes, CancellationToken cancel) => work.Run(
        WorkPriority.Foreground, _ => Rfc2898DeriveBytes.Pbkdf2(password, salt, iterations, HashAlgorithmName.SHA512, bytes), cancel);
}
