using Elanus.Primitives;

namespace Elanus.Roles.Tests;

/// <summary>Verifying is slow on purpose, and whoever asks need not be anybody: it may not cost the others their turn.</summary>
public class PasswordsTests
{
    [Fact]
    public async Task A_pair_is_computed_once_whether_right_or_wrong()
    {
        var work = new CountedWork();
        var passwords = new Passwords(new SeededRandom(1), work);
        var user = await passwords.Hashed("ann", "secret-1", CancellationToken.None);
        for (var i = 0; i < 3; i++)
        {
            Assert.True((await passwords.Verify(user, "secret-1", CancellationToken.None)).Value);
            Assert.False((await passwords.Verify(user, "secret-2", CancellationToken.None)).Value);
        }

        Assert.Equal(3, work.Pieces);
    }

    [Fact]
    public async Task What_is_remembered_ends_with_the_password()
    {
        var passwords = new Passwords(new SeededRandom(1), new CountedWork());
        var user = await passwords.Hashed("ann", "secret-1", CancellationToken.None);
        Assert.True((await passwords.Verify(user, "secret-1", CancellationToken.None)).Value);
        Assert.False((await passwords.Verify(user, "secret-2", CancellationToken.None)).Value);

        var changed = await passwords.Hashed("ann", "secret-2", CancellationToken.None);
        Assert.False((await passwords.Verify(changed, "secret-1", CancellationToken.None)).Value);
        Assert.True((await passwords.Verify(changed, "secret-2", CancellationToken.None)).Value);
    }

    [Fact]
    public async Task A_flood_of_guesses_is_refused_and_does_not_hold_up_who_is_known()
    {
        var work = new CountedWork();
        var passwords = new Passwords(new SeededRandom(1), work);
        var user = await passwords.Hashed("ann", "secret-1", CancellationToken.None);
        Assert.True((await passwords.Verify(user, "secret-1", CancellationToken.None)).Value);
        work.Stop();

        using var leave = new CancellationTokenSource();
        var guesses = Enumerable.Range(0, Passwords.WaitingMax + 5).Select(i => passwords.Verify(user, $"guess-{i}", leave.Token).AsTask()).ToList();
        var refused = guesses.Where(g => g.IsCompleted).ToList();
        Assert.Equal(5, refused.Count);
        Assert.All(refused, g => Assert.Equal(FailureCode.TooManyRequests, g.Result.Failure?.Code));
        Assert.Equal(1, work.Waiting);
        Assert.True((await passwords.Verify(user, "secret-1", CancellationToken.None)).Value);

        // The first is under way and is answered; the others leave, and leave room.
        await leave.CancelAsync();
        work.GoOn();
        Assert.False((await guesses[0]).Value);
        foreach (var guess in guesses.Except(refused).Skip(1))
        {
            await Assert.ThrowsAnyAsync<OperationCanceledException>(() => guess);
        }

        Assert.False((await passwords.Verify(user, "guess-1", CancellationToken.None)).Value);
    }

    /// <summary>Runs pieces at once, and counts them; while stopped it keeps them.</summary>
    private sealed class CountedWork : IWorkScheduler
    {
        private TaskCompletionSource going = new();

        public CountedWork() => going.SetResult();

        public int Parallelism => 1;

        public int Pieces { get; private set; }

        public int Waiting { get; private set; }

        public void Stop() => going = new();

        public void GoOn() => going.SetResult();

        public async Task<T> Run<T>(WorkPriority priority, Func<CancellationToken, T> work, CancellationToken cancel)
        {
            Waiting++;
            await going.Task;
            Waiting--;
            Pieces++;
            return work(cancel);
        }
    }
}
