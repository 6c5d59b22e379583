namespace Elanus.Primitives;

/// <summary>Lets one in at a time, in the order of their calls. Any thread may call it.</summary>
public sealed class AsyncGate
{
    private readonly Lock gate = new();
    private readonly LinkedList<TaskCompletionSource> line = new();
    private bool held;

    /// <summary>Ends when the caller is in; whoever is cancelled before is not.</summary>
    public async ValueTask EnterAsync(CancellationToken cancel)
    {
        cancel.ThrowIfCancellationRequested();
        LinkedListNode<TaskCompletionSource> place;
        lock (gate)
        {
            if (!held)
            {
                held = true;
                return;
            }

            place = line.AddLast(new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously));
        }

        try
        {
            await place.Value.Task.Until(cancel);
        }
        catch (OperationCanceledException) when (!TryGiveUp(place))
        {
            // The gate opened at the same moment: the caller is in.
        }
    }

    /// <summary>
    /// True when the caller is in, false where it was cancelled before. Await this itself: whoever stops waiting for it elsewhere may be let in
    /// unnoticed, and then nobody ever leaves.
    /// </summary>
    public async ValueTask<bool> TryEnterAsync(CancellationToken cancel)
    {
        try
        {
            await EnterAsync(cancel);
            return true;
        }
        catch (OperationCanceledException)
        {
            return false;
        }
    }

    /// <summary>Lets the next one in.</summary>
    public void Leave()
    {
        lock (gate)
        {
            Invariant.Holds(held, "a gate was left that nobody had entered");
            if (line.First is not { } next)
            {
                held = false;
                return;
            }

            line.RemoveFirst();
            next.Value.SetResult();
        }
    }

    private bool TryGiveUp(LinkedListNode<TaskCompletionSource> place)
    {
        lock (gate)
        {
            if (place.List is null)
            {
                return false;
            }

            line.Remove(place);
            return true;
        }
    }
}
