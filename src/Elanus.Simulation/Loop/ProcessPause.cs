using System.Threading.Tasks.Sources;

namespace Elanus.Simulation;

/// <summary>
/// A wait in virtual time that is awaited once. What awaits it within its process goes on in the very step that ends it; what awaits it elsewhere has a
/// step of its own there.
/// </summary>
internal sealed class ProcessPause(SimulatedProcess process) : IValueTaskSource
{
    private Action<object?>? continuation;
    private object? state;
    private SynchronizationContext? awaiting;
    private bool isOver;

    public ValueTask Wait => new(this, 0);

    public void End()
    {
        isOver = true;
        if (continuation is null)
        {
            return;
        }

        if (awaiting is null || awaiting == process)
        {
            continuation(state);
        }
        else
        {
            awaiting.Post(continuation.Invoke, state);
        }
    }

    public ValueTaskSourceStatus GetStatus(short token) => isOver ? ValueTaskSourceStatus.Succeeded : ValueTaskSourceStatus.Pending;

    public void GetResult(short token)
    {
    }

    public void OnCompleted(Action<object?> continuation, object? state, short token, ValueTaskSourceOnCompletedFlags flags)
    {
        Invariant.Holds(!isOver && this.continuation is null, "a pause is awaited twice, or not where it was asked for");
        awaiting = SynchronizationContext.Current;
        (this.continuation, this.state) = (continuation, state);
    }
}
