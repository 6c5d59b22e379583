using Elanus.Primitives;

namespace Elanus.Log;

/// <summary>
/// The file of a running node's promises. It is replaced as a whole under one passing name, so they are kept one after the other, in the order of the calls: two at a time
/// would give each other's unfinished bytes the name. Any thread.
/// </summary>
public sealed class PromiseFile(IFileSystem files, string directory, TimeProvider time)
{
    private readonly AsyncGate gate = new();

    /// <summary>Ends when the promise is kept, durably. Where the disk has no room it waits for some, and so do those behind it; <paramref name="waits"/> is told once.</summary>
    public async ValueTask KeepAsync(EpochPromise promise, Action<Failure> waits, CancellationToken cancel)
    {
        await gate.EnterAsync(cancel);
        try
        {
            var kept = await DiskFull.UntilRoom(() => promise.KeepAsync(files, directory, CancellationToken.None), waits, time, cancel);
            Invariant.Holds(kept.Succeeded, $"the promise to follow {promise.Epoch} cannot be kept: {kept.Failure?.Sentence}");
        }
        finally
        {
            gate.Leave();
        }
    }
}
