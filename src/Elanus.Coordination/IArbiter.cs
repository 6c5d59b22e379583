namespace Elanus.Coordination;

/// <summary>
/// Keeps one record per role and changes it only by compare-and-set on its version. The only judge of who is active; it is never asked to be
/// fast, only to be right. Every implementation passes one conformance suite. Any thread may call it.
/// Failures (<see cref="FailureCode.Unavailable"/>) name the arbiter and what did not answer.
/// <para>The token is the bound of a call, which answers soon after it is cancelled and does not throw for it: a change or confirmation with
/// <see cref="ChangeOutcome.Unknown"/>, all else with a failure. Without a bound a call may last as long as the arbiter is away.</para>
/// </summary>
public interface IArbiter : IAsyncDisposable
{
    /// <summary>How it is written in configuration, without credentials: for messages.</summary>
    string Name { get; }

    /// <summary>Why the last change or confirmation ended <see cref="ChangeOutcome.Unknown"/>, where that is known: for logs and status, never for decisions.</summary>
    Failure? WhyUnknown => null;

    /// <summary>The record as it is now, linearizably where the store can; null before the first claim.</summary>
    ValueTask<Result<StoredRecord?>> ReadAsync(string role, CancellationToken cancel);

    /// <summary>
    /// Replaces the record if its version, number and nonce, is still <paramref name="version"/> (<see cref="RecordVersion.None"/>: if there is none). One attempt; a store of several members may be sent it more
    /// than once, for every copy compares the same version. The nonce stands beside
    /// the record afterwards. <see cref="ChangeOutcome.Unknown"/> where no answer came before <paramref name="cancel"/>.
    /// </summary>
    ValueTask<ChangeOutcome> ChangeAsync(string role, RecordVersion version, RoleRecord next, ChangeNonce nonce, CancellationToken cancel);

    /// <summary>
    /// Confirms that the record's version is still <paramref name="version"/> (never none), by a transaction that compares it and writes a key beside it (or by
    /// taking the next number of the sequence that changes take): true for a moment between the call and its answer. Does not change the version.
    /// </summary>
    ValueTask<ChangeOutcome> ConfirmAsync(string role, RecordVersion version, ChangeNonce nonce, CancellationToken cancel);

    /// <summary>
    /// Renews the hint that a process acts under an epoch; it vanishes <paramref name="lifetime"/> after the last renewal. Feeds suspicion only.
    /// </summary>
    ValueTask<Result<Unit>> AnnounceAsync(string role, AliveNote note, TimeSpan lifetime, CancellationToken cancel);

    /// <summary>Takes the hint back at once, where it still is of that epoch: the process has ended.</summary>
    ValueTask<Result<Unit>> WithdrawAsync(string role, Epoch epoch, CancellationToken cancel);

    /// <summary>
    /// The hint; null where none is alive. Where the store has no clock of its own that every node can trust, its age is measured by the reader, from the
    /// first time that the reader saw this renewal.
    /// </summary>
    ValueTask<Result<AliveNote?>> ReadAliveAsync(string role, CancellationToken cancel);

    /// <summary>
    /// Yields whenever record or hint may have changed: a hint to read, possibly late, doubled, merged with others or, while the store is away,
    /// missing. Ends, without an exception, when cancelled. What changed before the first wait for it may go unseen: read first.
    /// </summary>
    IAsyncEnumerable<Unit> WatchAsync(string role, CancellationToken cancel);

    /// <summary>
    /// A small value beside the record that is set once and never changed, such as a cluster's token: answers what stands there, which is
    /// <paramref name="proposed"/> where there was nothing.
    /// </summary>
    ValueTask<Result<string>> ValueAsync(string role, string name, string proposed, CancellationToken cancel);
}
