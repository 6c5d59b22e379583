namespace Elanus.Roles;

/// <summary>
/// One change at a time: held from validating a change to having applied it, so that every change is checked against the state it changes.
/// </summary>
public sealed class ChangeGate
{
    private readonly AsyncGate gate = new();

    /// <summary>Runs one change alone; whoever comes meanwhile waits.</summary>
    public async Task<Result<T>> Alone<T>(Func<Task<Result<T>>> change, CancellationToken cancel)
    {
        await gate.EnterAsync(cancel);
        try
        {
            return await change();
        }
        finally
        {
            gate.Leave();
        }
    }
}
