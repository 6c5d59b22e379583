using Elanus.Coordination.Tests.Conformance;

namespace Elanus.Coordination.Tests.InProcess;

/// <summary>What goes wrong in the simulator goes wrong at the moment that its time says, and not before.</summary>
public sealed class FaultyArbiterTests : IAsyncDisposable
{
    private const string Role = "role";
    private readonly ManualTime time = new();
    private readonly InProcessStore store;
    private readonly ArbiterFaults faults = new();
    private readonly FaultyArbiter arbiter;

    public FaultyArbiterTests()
    {
        store = new(time);
        arbiter = new(new InProcessArbiter(store), faults, time);
    }

    public ValueTask DisposeAsync() => arbiter.DisposeAsync();

    [Fact]
    public async Task A_hint_expires_by_the_stores_time_and_a_restart_gives_it_a_lifetime_more()
    {
        var note = new AliveNote(Roles.Epoch(1), new(1), 1);
        await arbiter.AnnounceAsync(Role, note, TimeSpan.FromSeconds(2), default);
        time.Advance(TimeSpan.FromSeconds(1.9));
        Assert.Equal(note, (await arbiter.ReadAliveAsync(Role, default)).Value);
        store.Restart();
        time.Advance(TimeSpan.FromSeconds(1.9));
        Assert.Equal(note, (await arbiter.ReadAliveAsync(Role, default)).Value);
        time.Advance(TimeSpan.FromSeconds(0.1));
        Assert.Null((await arbiter.ReadAliveAsync(Role, default)).Value);
    }

    [Fact]
    public async Task A_late_change_takes_effect_when_it_arrives_whoever_gave_up()
    {
        faults.Fate = static _ => ArbiterFate.Late(TimeSpan.FromSeconds(3));
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(1), time);
        var change = arbiter.ChangeAsync(Role, RecordVersion.None, Roles.Held(1, 1), Roles.Nonce(), patience.Token).AsTask();
        time.Advance(TimeSpan.FromSeconds(1));
        Assert.Equal(ChangeOutcome.Unknown, await change);
        faults.Fate = static _ => ArbiterFate.Prompt;
        Assert.Null((await arbiter.ReadAsync(Role, default)).Value);
        time.Advance(TimeSpan.FromSeconds(2));
        await arbiter.SettledAsync(Roles.Bound());
        Assert.NotNull((await arbiter.ReadAsync(Role, default)).Value);
    }

    [Fact]
    public async Task What_is_not_answered_names_the_arbiter()
    {
        faults.Fate = static _ => ArbiterFate.RequestLost;
        using var given = new CancellationTokenSource();
        var read = arbiter.ReadAsync(Role, given.Token).AsTask();
        await given.CancelAsync();
        var failure = (await read).Failure;
        Assert.Equal(FailureCode.Unavailable, failure?.Code);
        Assert.Contains("in-process", failure!.Sentence, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_store_that_came_back_from_an_old_copy_uses_numbers_again_and_takes_them_for_no_earlier_version()
    {
        Assert.Equal(ChangeOutcome.Done, await arbiter.ChangeAsync(Role, RecordVersion.None, Roles.Held(1, 1), Roles.Nonce(), default));
        var first = (await arbiter.ReadAsync(Role, default)).Value!;
        var copy = store.Image();
        Assert.Equal(ChangeOutcome.Done, await arbiter.ChangeAsync(Role, first.Version, Roles.Held(2, 1), Roles.Nonce(), default));
        var second = (await arbiter.ReadAsync(Role, default)).Value!;
        store.Restore(copy);
        Assert.Equal(first, (await arbiter.ReadAsync(Role, default)).Value);
        Assert.Equal(ChangeOutcome.Done, await arbiter.ChangeAsync(Role, first.Version, Roles.Held(2, 2), Roles.Nonce(), default));
        Assert.Equal(second.Version.Number, (await arbiter.ReadAsync(Role, default)).Value!.Version.Number);
        Assert.Equal(ChangeOutcome.Refused, await arbiter.ConfirmAsync(Role, second.Version, Roles.Nonce(), default));
        Assert.Equal(ChangeOutcome.Refused, await arbiter.ChangeAsync(Role, second.Version, Roles.Held(3, 1), Roles.Nonce(), default));
    }

    [Fact]
    public async Task A_watch_may_be_late_or_silent()
    {
        TimeSpan? delay = TimeSpan.FromSeconds(5);
        faults.WatchDelay = () => delay;
        using var end = new CancellationTokenSource();
        var watch = arbiter.WatchAsync(Role, end.Token).GetAsyncEnumerator();
        var signal = watch.MoveNextAsync().AsTask();
        await arbiter.ChangeAsync(Role, RecordVersion.None, Roles.Held(1, 1), Roles.Nonce(), default);
        // The signal travels by a continuation of its own; then the delay is a timer.
        await Roles.Until(() => Task.FromResult(signal.IsCompleted), done => { time.Advance(TimeSpan.FromSeconds(1)); return done; });
        Assert.True(await signal);
        Assert.True(time.GetElapsedTime(0) >= TimeSpan.FromSeconds(5));

        delay = null;
        signal = watch.MoveNextAsync().AsTask();
        await arbiter.AnnounceAsync(Role, new(Roles.Epoch(1), new(1), 1), TimeSpan.FromSeconds(1), default);
        time.Advance(TimeSpan.FromSeconds(100));
        Assert.False(signal.IsCompleted);
        await end.CancelAsync();
        Assert.False(await signal);
        await watch.DisposeAsync();
    }
}
