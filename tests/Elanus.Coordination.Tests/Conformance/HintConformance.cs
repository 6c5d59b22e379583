using System.Diagnostics;

namespace Elanus.Coordination.Tests.Conformance;

/// <summary>Hints: who is alive, and that something has changed.</summary>
public abstract partial class ArbiterConformance
{
    [ArbiterFact]
    public async Task An_alive_hint_is_seen_replaced_and_withdrawn()
    {
        var (mine, other) = (await Open(), await Open());
        Assert.Null((await other.ReadAliveAsync(Role, Roles.Bound())).Value);
        var note = new AliveNote(Roles.Epoch(3), new(ulong.MaxValue), 17);
        Assert.True((await mine.AnnounceAsync(Role, note, TimeSpan.FromSeconds(20), Roles.Bound())).Succeeded);
        Assert.Equal(note, (await other.ReadAliveAsync(Role, Roles.Bound())).Value);
        note = note with { Progress = 18 };
        Assert.True((await mine.AnnounceAsync(Role, note, TimeSpan.FromSeconds(20), Roles.Bound())).Succeeded);
        Assert.Equal(note, (await other.ReadAliveAsync(Role, Roles.Bound())).Value);

        Assert.True((await other.WithdrawAsync(Role, Roles.Epoch(3), Roles.Bound())).Succeeded);
        Assert.Equal(note, (await other.ReadAliveAsync(Role, Roles.Bound())).Value);
        Assert.True((await other.WithdrawAsync(Role, note.Epoch, Roles.Bound())).Succeeded);
        Assert.Null((await mine.ReadAliveAsync(Role, Roles.Bound())).Value);
        Assert.True((await other.WithdrawAsync(Role, note.Epoch, Roles.Bound())).Succeeded);
        Assert.Null((await mine.ReadAsync(Role, Roles.Bound())).Value);
    }

    [ArbiterFact]
    public async Task A_newer_process_takes_the_hint_over()
    {
        var (old, next) = (await Open(), await Open());
        var (before, after) = (new AliveNote(Roles.Epoch(1), new(1), 1), new AliveNote(Roles.Epoch(2), new(2), 1));
        Assert.True((await old.AnnounceAsync(Role, before, TimeSpan.FromSeconds(20), Roles.Bound())).Succeeded);
        Assert.True((await next.AnnounceAsync(Role, after, TimeSpan.FromSeconds(20), Roles.Bound())).Succeeded);
        Assert.Equal(after, (await old.ReadAliveAsync(Role, Roles.Bound())).Value);
        Assert.True((await old.WithdrawAsync(Role, before.Epoch, Roles.Bound())).Succeeded);
        Assert.Equal(after, (await old.ReadAliveAsync(Role, Roles.Bound())).Value);
    }

    [ArbiterFact]
    public async Task A_hint_lives_as_long_as_it_is_renewed_and_not_much_longer()
    {
        var lifetime = TimeSpan.FromSeconds(1);
        var (mine, other) = (await Open(), await Open());
        var epoch = Roles.Epoch(1);
        var watch = Stopwatch.StartNew();
        var last = Stopwatch.GetTimestamp();
        for (var progress = 0; watch.Elapsed < lifetime * 1.5; progress++)
        {
            var renewed = Stopwatch.GetTimestamp();
            var note = new AliveNote(epoch, new(1), progress);
            if ((await mine.AnnounceAsync(Role, note, lifetime, Roles.Bound())).Failure is { } lost)
            {
                // Where this machine stood still for as long as that, the hint has rightly run out; the next renewal is a new one.
                Assert.True(Stopwatch.GetElapsedTime(last) >= lifetime, lost.Sentence);
                continue;
            }

            last = renewed;
            var read = (await other.ReadAliveAsync(Role, Roles.Bound())).Value;
            if (Stopwatch.GetElapsedTime(renewed) < lifetime)
            {
                Assert.Equal(note, read);
            }

            await Task.Delay(50);
        }

        // Five lifetimes: more than any store's rounding up, and than what a reader needs that never looked before.
        foreach (var reader in new[] { other, await Open() })
        {
            await Roles.Until(async () => (await reader.ReadAliveAsync(Role, Roles.Bound())).Value, note => note is null, seconds: 5);
        }
    }

    [ArbiterFact]
    public async Task A_watch_tells_of_changes_and_of_hints()
    {
        var (mine, other) = (await Open(), await Open());
        using var end = new CancellationTokenSource();
        var signals = 0;
        var watching = Watch();
        // What changed before the watch stood may go unseen, so the first change is repeated until one is seen.
        var version = RecordVersion.None;
        for (var epoch = 1ul; Volatile.Read(ref signals) == 0; epoch++)
        {
            version = await Claimed(mine, version, Roles.Held(epoch, 1));
            await Task.Delay(50);
        }

        await AfterwardsTold(() => Claimed(mine, version, Roles.Held(50, 2)));
        await AfterwardsTold(() => mine.AnnounceAsync(Role, new(Roles.Epoch(50), new(2), 1), TimeSpan.FromSeconds(20), Roles.Bound()).AsTask());
        var alive = (await mine.ReadAliveAsync(Role, Roles.Bound())).Value!;
        await AfterwardsTold(() => mine.WithdrawAsync(Role, alive.Epoch, Roles.Bound()).AsTask());
        await end.CancelAsync();
        await watching;
        Assert.True(watching.IsCompletedSuccessfully);

        async Task Watch()
        {
            await foreach (var _ in other.WatchAsync(Role, end.Token))
            {
                Interlocked.Increment(ref signals);
            }
        }

        async Task AfterwardsTold(Func<Task> change)
        {
            var before = Volatile.Read(ref signals);
            await change();
            await Roles.Until(() => Task.FromResult(Volatile.Read(ref signals)), now => now > before);
        }
    }
}
