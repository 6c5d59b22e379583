namespace Elanus.Roles;

/// <summary>
/// Memory that reads in progress may hold together. Who finds no room waits, in the order of the calls; few may wait. A share of more than there is in all is cut to that: its
/// read runs alone. Any thread.
/// </summary>
public sealed class ReadBudget(long bytesMax)
{
    /// <summary>Reads that hold less are not counted; most hold little, and the calls of a connection are bounded.</summary>
    public const long UncountedBytes = 256 << 10;

    /// <summary>Reads that wait for room.</summary>
    public const int WaitingMax = 256;

    private readonly Lock gate = new();
    private readonly LinkedList<Waiting> line = new();
    private long taken;

    /// <summary>Bytes that are held now.</summary>
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

    /// <summary>Holds a share until it is disposed of; null where it is too small to count. Fails where too many wait.</summary>
    /// <exception cref="OperationCanceledException">Cancelled before there was room; nothing is held.</exception>
    public async ValueTask<Result<IDisposable?>> Take(long bytes, CancellationToken cancel)
    {
        if (bytes <= UncountedBytes)
        {
            return Result<IDisposable?>.Ok(null);
        }

        bytes = Math.Min(bytes, bytesMax);
        LinkedListNode<Waiting> place;
        lock (gate)
        {
            if (line.Count == 0 && taken + bytes <= bytesMax)
            {
                taken += bytes;
                return Result<IDisposable?>.Ok(new Share(this, bytes));
            }

            if (line.Count >= WaitingMax)
            {
                return Failure.Of(FailureCode.TooManyRequests, ("waiting", $"{WaitingMax}"), ("reason", "searches and queries hold all the memory that they may"));
            }

            place = line.AddLast(new Waiting(bytes, new(TaskCreationOptions.RunContinuationsAsynchronously)));
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

        return Result<IDisposable?>.Ok(new Share(this, bytes));
    }

    private void GiveUp(LinkedListNode<Waiting> place)
    {
        lock (gate)
        {
            if (place.List is null)
            {
                // There was room at the same moment.
                taken -= place.Value.Bytes;
            }
            else
            {
                line.Remove(place);
            }

            LetIn();
        }
    }

    private void Return(long bytes)
    {
        lock (gate)
        {
            taken -= bytes;
            LetIn();
        }
    }

    private void LetIn()
    {
        Invariant.Holds(taken >= 0, "reads gave back more memory than they held");
        while (line.First is { } next && taken + next.Value.Bytes <= bytesMax)
        {
            taken += next.Value.Bytes;
            line.RemoveFirst();
            next.Value.Entry.SetResult();
        }
    }

    private sealed record Waiting(long Bytes, TaskCompletionSource Entry);

    private sealed class Share(ReadBudget budget, long bytes) : IDisposable
    {
        private int returned;

        public void Dispose()
        {
            if (Interlocked.Exchange(ref returned, 1) == 0)
            {
                budget.Return(bytes);
            }
        }
    }
}
