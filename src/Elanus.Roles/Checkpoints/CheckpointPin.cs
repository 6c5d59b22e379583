namespace Elanus.Roles;

/// <summary>Keeps a checkpoint, what it names, and the log behind it, until it is disposed.</summary>
public sealed class CheckpointPin(KeptCheckpoint? checkpoint, LogPosition logFrom, Action release) : IDisposable
{
    private Action? release = release;

    /// <summary>Null where there is no checkpoint yet: then the log is whole.</summary>
    public KeptCheckpoint? Checkpoint => checkpoint;

    /// <summary>The first record that is kept.</summary>
    public LogPosition LogFrom => logFrom;

    public void Dispose() => Interlocked.Exchange(ref release, null)?.Invoke();
}
