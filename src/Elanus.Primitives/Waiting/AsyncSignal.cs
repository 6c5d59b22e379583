using System.Threading.Tasks.Sources;

namespace Elanus.Primitives;

/// <summary>
/// Wakes the one who waits; set before it waits, the next wait ends at once. Any thread sets, one waits at a time. Nothing is allocated: this is for
/// loops that are woken for every message.
/// </summary>
public sealed class AsyncSignal : IValueTaskSource
{
    private const int Idle = 0;
    private const int IsSet = 1;
    private const int Waiting = 2;

    private ManualResetValueTaskSourceCore<bool> source = new() { RunContinuationsAsynchronously = true };
    private int state;

    /// <summary>Ends the wait, or the next one. Set twice before it is waited for counts once.</summary>
    public void Set()
    {
        while (true)
        {
            var seen = Volatile.Read(ref state);
            if (seen == IsSet)
            {
                return;
            }

            if (Interlocked.CompareExchange(ref state, seen == Waiting ? Idle : IsSet, seen) == seen)
            {
                if (seen == Waiting)
                {
                    source.SetResult(true);
                }

                return;
            }
        }
    }

    /// <summary>Ends when it is set. Await it once, before the next call.</summary>
    public ValueTask WaitAsync()
    {
        var before = Interlocked.CompareExchange(ref state, Idle, IsSet);
        Invariant.Holds(before != Waiting, "two wait for one signal");
        if (before == IsSet)
        {
            return ValueTask.CompletedTask;
        }

        source.Reset();
        if (Interlocked.CompareExchange(ref state, Waiting, Idle) == IsSet)
        {
            Volatile.Write(ref state, Idle);
            return ValueTask.CompletedTask;
        }

        return new(this, source.Version);
    }

    void IValueTaskSource.GetResult(short token) => source.GetResult(token);

    ValueTaskSourceStatus IValueTaskSource.GetStatus(short token) => source.GetStatus(token);

    void IValueTaskSource.OnCompleted(Action<object?> continuation, object? state, short token, ValueTaskSourceOnCompletedFlags flags) =>
        source.OnCompleted(continuation, state, token, flags);
}
