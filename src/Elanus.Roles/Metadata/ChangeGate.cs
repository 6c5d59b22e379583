namespace Elanus.Roles;

/// <summary>
/// One change at a time: held from validating a change to having applied it, so that every change is checked against the state it changes.
/// </summary>
#pragma warning disable CA1001 // Without its wait handle, which nobody asks for, a semaphore holds nothing to dispose.
public sealed class ChangeGate
#pragma warning restore CA1001
{
    private readonly SemaphoreSlim gate = new(1, 1);

    /// <summary>Runs one change alone; whoever comes meanwhile waits.</summary>
    public async Task<Result<T>> Alone<T>(Func<Task<Result<T>>> change, CancellationToken cancel)
    {
        await gate.WaitAsync(cancel);
        try
        {
            return await change();
        }
        finally
        {
            gate.Release();
        }
    }
}
