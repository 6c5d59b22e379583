namespace Elanus.Primitives;

/// <summary>
/// Comes back every so often until cancelled. A cancelled wait is an answer, not an exception, and nothing is left for a finalizer: nodes stop and crash more often in a
/// simulation than anything else happens. One waits at a time.
/// </summary>
public sealed class Ticks : IDisposable
{
    private readonly AsyncSignal due = new();
    private readonly ITimer timer;
    private readonly CancellationToken cancel;
    private readonly CancellationTokenRegistration ending;

    public Ticks(TimeSpan period, TimeProvider time, CancellationToken cancel)
    {
        this.cancel = cancel;
        timer = time.CreateTimer(static signal => ((AsyncSignal)signal!).Set(), due, period, period);
        ending = cancel.UnsafeRegister(static signal => ((AsyncSignal)signal!).Set(), due);
    }

    /// <summary>Begins a period anew, of this length: who calls it behind each round of work has a rest of that length between two.</summary>
    public void Restart(TimeSpan period) => timer.Change(period, period);

    /// <summary>True at the next tick, at once where one has come since the last; false once cancelled, however often it is asked.</summary>
    public async ValueTask<bool> Next()
    {
        if (!cancel.IsCancellationRequested)
        {
            await due.WaitAsync();
        }

        return !cancel.IsCancellationRequested;
    }

    public void Dispose()
    {
        ending.Dispose();
        timer.Dispose();
    }
}
