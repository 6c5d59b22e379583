using Elanus.Coordination;
using Elanus.Primitives;

namespace Elanus.Server.Tests;

/// <summary>An arbiter that answers nothing while it is away.</summary>
internal sealed class AwayArbiter(InProcessArbiter inner) : IArbiter
{
    private static readonly Failure Silence = new(FailureCode.Unavailable, "nobody answers");

    public volatile bool IsAway;
    private int asked;

    public int Asked => Volatile.Read(ref asked);

    public string Name => "away";

    public ValueTask<Result<StoredRecord?>> ReadAsync(string role, CancellationToken cancel)
    {
        Interlocked.Increment(ref asked);
        return IsAway ? new(Silence) : inner.ReadAsync(role, cancel);
    }

    public ValueTask<ChangeOutcome> ChangeAsync(string role, RecordVersion version, RoleRecord next, ChangeNonce nonce, CancellationToken cancel) =>
        IsAway ? new(ChangeOutcome.Unknown) : inner.ChangeAsync(role, version, next, nonce, cancel);

    public ValueTask<ChangeOutcome> ConfirmAsync(string role, RecordVersion version, ChangeNonce nonce, CancellationToken cancel) =>
        IsAway ? new(ChangeOutcome.Unknown) : inner.ConfirmAsync(role, version, nonce, cancel);

    public ValueTask<Result<Unit>> AnnounceAsync(string role, AliveNote note, TimeSpan lifetime, CancellationToken cancel) =>
        IsAway ? new(Silence) : inner.AnnounceAsync(role, note, lifetime, cancel);

    public ValueTask<Result<Unit>> WithdrawAsync(string role, Epoch epoch, CancellationToken cancel) => IsAway ? new(Silence) : inner.WithdrawAsync(role, epoch, cancel);

    public ValueTask<Result<AliveNote?>> ReadAliveAsync(string role, CancellationToken cancel) => IsAway ? new(Silence) : inner.ReadAliveAsync(role, cancel);

    public IAsyncEnumerable<Unit> WatchAsync(string role, CancellationToken cancel) => inner.WatchAsync(role, cancel);

    public ValueTask<Result<string>> ValueAsync(string role, string name, string proposed, CancellationToken cancel) =>
        IsAway ? new(Silence) : inner.ValueAsync(role, name, proposed, cancel);

    public ValueTask DisposeAsync() => inner.DisposeAsync();
}
