using System.Runtime.CompilerServices;

namespace Elanus.Coordination;

/// <summary>
/// Another arbiter behind a way that delays and loses messages (<see cref="ArbiterFaults"/>). A request that is under way arrives even where its caller gave
/// up or died, which is what makes an unknown outcome unknown. Deterministic where the arbiter behind it and the time are; any thread otherwise.
/// </summary>
public sealed class FaultyArbiter(IArbiter inner, ArbiterFaults faults, TimeProvider time) : IArbiter
{
    private readonly Lock gate = new();
    private readonly HashSet<Task> underWay = [];

    public string Name => inner.Name;

    public Failure? WhyUnknown => inner.WhyUnknown ?? Silence();

    /// <summary>Completes when every request that was sent before has arrived or is lost.</summary>
    public async Task SettledAsync(CancellationToken cancel)
    {
        Task[] sent;
        lock (gate)
        {
            sent = [.. underWay];
        }

        await Waits.All(sent).Until(cancel);
    }

    public ValueTask<Result<StoredRecord?>> ReadAsync(string role, CancellationToken cancel) =>
        Send(ArbiterRequest.Read, role, () => inner.ReadAsync(role, CancellationToken.None), Unanswered<StoredRecord?>(), cancel);

    public ValueTask<ChangeOutcome> ChangeAsync(string role, RecordVersion version, RoleRecord next, ChangeNonce nonce, CancellationToken cancel) =>
        Send(ArbiterRequest.Change, role, () => inner.ChangeAsync(role, version, next, nonce, CancellationToken.None), ChangeOutcome.Unknown, cancel);

    public ValueTask<ChangeOutcome> ConfirmAsync(string role, RecordVersion version, ChangeNonce nonce, CancellationToken cancel) =>
        Send(ArbiterRequest.Confirm, role, () => inner.ConfirmAsync(role, version, nonce, CancellationToken.None), ChangeOutcome.Unknown, cancel);

    public ValueTask<Result<Unit>> AnnounceAsync(string role, AliveNote note, TimeSpan lifetime, CancellationToken cancel) =>
        Send(ArbiterRequest.Announce, role, () => inner.AnnounceAsync(role, note, lifetime, CancellationToken.None), Unanswered<Unit>(), cancel);

    public ValueTask<Result<Unit>> WithdrawAsync(string role, Epoch epoch, CancellationToken cancel) =>
        Send(ArbiterRequest.Withdraw, role, () => inner.WithdrawAsync(role, epoch, CancellationToken.None), Unanswered<Unit>(), cancel);

    public ValueTask<Result<AliveNote?>> ReadAliveAsync(string role, CancellationToken cancel) =>
        Send(ArbiterRequest.ReadAlive, role, () => inner.ReadAliveAsync(role, CancellationToken.None), Unanswered<AliveNote?>(), cancel);

    public ValueTask<Result<string>> ValueAsync(string role, string name, string proposed, CancellationToken cancel) =>
        Send(ArbiterRequest.Value, role, () => inner.ValueAsync(role, name, proposed, CancellationToken.None), Unanswered<string>(), cancel);

    public async IAsyncEnumerable<Unit> WatchAsync(string role, [EnumeratorCancellation] CancellationToken cancel)
    {
        await foreach (var signal in inner.WatchAsync(role, cancel))
        {
            if (faults.WatchDelay() is not { } delay)
            {
                continue;
            }

            if (delay > TimeSpan.Zero && !await Waiting.UntilCancelled(Task.Delay(delay, time, cancel), cancel))
            {
                yield break;
            }

            yield return signal;
        }
    }

    /// <summary>The arbiter behind it stays: it belongs to the world that is simulated.</summary>
    public ValueTask DisposeAsync() => ValueTask.CompletedTask;

    private Failure Silence() => new(FailureCode.Unavailable, $"the arbiter {inner.Name} did not answer in time");

    private Result<T> Unanswered<T>() => Silence();

    private async ValueTask<T> Send<T>(ArbiterRequest request, string role, Func<ValueTask<T>> reach, T unanswered, CancellationToken cancel)
    {
        var fate = faults.Fate(new(request, role));
        var reply = new TaskCompletionSource<T>(TaskCreationOptions.RunContinuationsAsynchronously);
        if (fate.Lost != LostPart.Request)
        {
            Track(Deliver(fate, reach, reply));
        }

        return await Waiting.OrElse(reply.Task, unanswered, cancel);
    }

    private async Task Deliver<T>(ArbiterFate fate, Func<ValueTask<T>> reach, TaskCompletionSource<T> reply)
    {
        try
        {
            await Pass(fate.RequestDelay);
            var answer = await reach();
            if (fate.Lost == LostPart.Nothing)
            {
                await Pass(fate.ReplyDelay);
                reply.TrySetResult(answer);
            }
        }
        catch (Exception bug)
        {
            reply.TrySetException(bug);
        }
    }

    private async ValueTask Pass(TimeSpan delay)
    {
        if (delay > TimeSpan.Zero)
        {
            await Task.Delay(delay, time, CancellationToken.None);
        }
    }

    private void Track(Task delivery)
    {
        lock (gate)
        {
            underWay.RemoveWhere(sent => sent.IsCompleted);
            underWay.Add(delivery);
        }
    }
}
