namespace Elanus.Primitives;

/// <summary>
/// So much of something that several hold together. Who finds no room waits, in the order of the calls; few may wait. A share of more than there is in all is cut to that: who asks for
/// it is alone. Any thread.
/// </summary>
public sealed class SharedBudget(long max, int waitingMax)
{
    private readonly Lock gate = new();
    private readonly LinkedList<Waiting> line = new();
    private long taken;

    /// <summary>What there is in all.</summary>
    public long Max => max;

    /// <summary>What is held now.</summary>
    public long Taken
    {
        get
        {
            lock (gate)
            {
                return taken;
            }
        }
    }

    /// <summary>Holds a share until it is disposed of; null where there is no room now.</summary>
    public IDisposable? TryTake(long share)
    {
        lock (gate)
        {
            return Held(Math.Min(share, max));
        }
    }

    /// <summary>Holds a share until it is disposed of; null where too many wait.</summary>
    /// <exception cref="OperationCanceledException">Cancelled before there was room; nothing is held.</exception>
    public async ValueTask<IDisposable?> TakeAsync(long share, CancellationToken cancel)
    {
        share = Math.Min(share, max);
        LinkedListNode<Waiting> place;
        lock (gate)
        {
            if (Held(share) is { } held)
            {
                return held;
            }

            if (line.Count >= waitingMax)
            {
                return null;
            }

            place = line.AddLast(new Waiting(share, new(TaskCreationOptions.RunContinuationsAsynchronously)));
        }

        try
        {
            await place.Value.Entry.Task.Until(cancel);
        }
        catch (OperationCanceledException)
        {
            GiveUp(place);
            throw;
        }

        return new Share(this, share);
    }

    private Share? Held(long share)
    {
        if (line.Count > 0 || taken + share > max)
        {
            return null;
        }

        taken += share;
        return new(this, share);
    }

    private void GiveUp(LinkedListNode<Waiting> place)
    {
        lock (gate)
        {
            if (place.List is null)
            {
                // There was room at the same moment.
                taken -= place.Value.Share;
            }
            else
            {
                line.Remove(place);
            }

            LetIn();
        }
    }

    private void Return(long share)
    {
        lock (gate)
        {
            taken -= share;
            LetIn();
        }
    }

    private void LetIn()
    {
        Invariant.Holds(taken >= 0, "more was given back than was held");
        while (line.First is { } next && taken + next.Value.Share <= max)
        {
            taken += next.Value.Share;
            line.RemoveFirst();
            next.Value.Entry.SetResult();
        }
    }

    private sealed record Waiting(long Share, TaskCompletionSource Entry);

    private sealed class Share(SharedBudget budget, long share) : IDisposable
    {
        private int returned;

        public void Dispose()
        {
            if (Interlocked.Exchange(ref returned, 1) == 0)
            {
                budget.Return(share);
            }
        }
    }
}
