using System.Runtime.CompilerServices;
using Elanus.Coordination;

namespace Elanus.Simulation;

/// <summary>One process's way to the arbiter.</summary>
internal sealed class SimulatedArbiter(SimulatedJudge judge, SimulatedProcess process, string machine) : IArbiter
{
    private readonly InProcessArbiter store = new(judge.Store);

    public string Name => "simulated";

    public ValueTask<Result<StoredRecord?>> ReadAsync(string role, CancellationToken cancel) =>
        Ask(() => store.ReadAsync(role, CancellationToken.None), Silence<StoredRecord?>(), cancel);

    public ValueTask<ChangeOutcome> ChangeAsync(string role, RecordVersion version, RoleRecord next, ChangeNonce nonce, CancellationToken cancel) => Ask(
        async () =>
        {
            var done = await store.ChangeAsync(role, version, next, nonce, CancellationToken.None);
            // Beside the cluster's record stand those of its nodes' starts.
            if (done == ChangeOutcome.Done && role == SimulatedCluster.Role)
            {
                judge.Keep(next);
            }

            return done;
        },
        ChangeOutcome.Unknown,
        cancel);

    public ValueTask<ChangeOutcome> ConfirmAsync(string role, RecordVersion version, ChangeNonce nonce, CancellationToken cancel) =>
        Ask(() => store.ConfirmAsync(role, version, nonce, CancellationToken.None), ChangeOutcome.Unknown, cancel);

    public ValueTask<Result<Unit>> AnnounceAsync(string role, AliveNote note, TimeSpan lifetime, CancellationToken cancel) =>
        Ask(() => store.AnnounceAsync(role, note, lifetime, CancellationToken.None), Silence<Unit>(), cancel);

    public ValueTask<Result<Unit>> WithdrawAsync(string role, Epoch epoch, CancellationToken cancel) =>
        Ask(() => store.WithdrawAsync(role, epoch, CancellationToken.None), Silence<Unit>(), cancel);

    public ValueTask<Result<AliveNote?>> ReadAliveAsync(string role, CancellationToken cancel) =>
        Ask(() => store.ReadAliveAsync(role, CancellationToken.None), Silence<AliveNote?>(), cancel);

    public ValueTask<Result<string>> ValueAsync(string role, string name, string proposed, CancellationToken cancel) =>
        Ask(() => store.ValueAsync(role, name, proposed, CancellationToken.None), Silence<string>(), cancel);

    public async IAsyncEnumerable<Unit> WatchAsync(string role, [EnumeratorCancellation] CancellationToken cancel)
    {
        await foreach (var hint in store.WatchAsync(role, cancel))
        {
            if (judge.HintDelay(machine) is { } late)
            {
                await process.Delay(late);
                yield return hint;
            }
        }
    }

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;

    private static Result<T> Silence<T>() => new Failure(FailureCode.Unavailable, "the arbiter simulated did not answer in time");

    private async ValueTask<T> Ask<T>(Func<ValueTask<T>> ask, T unanswered, CancellationToken cancel)
    {
        var reply = new TaskCompletionSource<T>();
        judge.Carry(process, machine, ask, reply);
        try
        {
            return await reply.Task.Until(cancel);
        }
        catch (OperationCanceledException) when (cancel.IsCancellationRequested)
        {
            return unanswered;
        }
    }
}
