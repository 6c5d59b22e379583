using System.Runtime.CompilerServices;

namespace Elanus.Coordination;

/// <summary>One node's way to a store inside this process: for tests and the simulator. No threads, no timers; calls complete at once.</summary>
public sealed class InProcessArbiter(InProcessStore store) : IArbiter
{
    public string Name => "in-process";

    public ValueTask<Result<StoredRecord?>> ReadAsync(string role, CancellationToken cancel) => new(Result<StoredRecord?>.Ok(store.Read(role)));

    public ValueTask<ChangeOutcome> ChangeAsync(string role, RecordVersion version, RoleRecord next, ChangeNonce nonce, CancellationToken cancel) =>
        new(store.Change(role, version, next, nonce));

    public ValueTask<ChangeOutcome> ConfirmAsync(string role, RecordVersion version, ChangeNonce nonce, CancellationToken cancel) => new(store.Confirm(role, version));

    public ValueTask<Result<Unit>> AnnounceAsync(string role, AliveNote note, TimeSpan lifetime, CancellationToken cancel)
    {
        store.Announce(role, note, lifetime);
        return new(Result.Ok);
    }

    public ValueTask<Result<Unit>> WithdrawAsync(string role, Epoch epoch, CancellationToken cancel)
    {
        store.Withdraw(role, epoch);
        return new(Result.Ok);
    }

    public ValueTask<Result<AliveNote?>> ReadAliveAsync(string role, CancellationToken cancel) => new(Result<AliveNote?>.Ok(store.ReadAlive(role)));

    public async IAsyncEnumerable<Unit> WatchAsync(string role, [EnumeratorCancellation] CancellationToken cancel)
    {
        // Asked for before each yield, so that what changes while the reader works is not missed.
        for (var next = store.NextSignal(); await Waiting.UntilCancelled(next, cancel);)
        {
            next = store.NextSignal();
            yield return default;
        }
    }

    public ValueTask<Result<string>> ValueAsync(string role, string name, string proposed, CancellationToken cancel) =>
        new(Result<string>.Ok(store.Value(role, name, proposed)));

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;
}
