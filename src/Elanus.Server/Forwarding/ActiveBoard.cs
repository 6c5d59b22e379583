namespace Elanus.Server;

/// <summary>Where the active node is known to be, and a way to wait for news. Any thread.</summary>
public sealed class ActiveBoard
{
    private readonly Lock gate = new();
    private TaskCompletionSource changed = New();
    private string? active;

    /// <summary>HOST:PORT of the active node; null while none is known. With it a task that completes when that changes, or is confirmed anew.</summary>
    public (string? Active, Task Changed) Look()
    {
        lock (gate)
        {
            return (active, changed.Task);
        }
    }

    /// <summary>Says where the active is now. Saying the same again wakes those who wait: it serves.</summary>
    public void Post(string? address)
    {
        TaskCompletionSource old;
        lock (gate)
        {
            active = address;
            (old, changed) = (changed, New());
        }

        old.SetResult();
    }

    private static TaskCompletionSource New() => new(TaskCreationOptions.RunContinuationsAsynchronously);
}
