using Elanus.Primitives;

namespace Elanus.Log;

/// <summary>
/// How far the log is durable, how far committed, and who waits for either to move. Committed never passes durable, neither goes back but by a
/// cut of what was never committed. Any thread may call it.
/// </summary>
internal sealed class CommitLedger(LogPosition committed, LogPosition durable)
{
    private readonly Lock gate = new();
    private readonly Queue<(LogPosition Position, Submission Submission)> awaiting = new();
    private TaskCompletionSource moved = NewSignal();
    private Exception? dead;

    public LogPosition Committed
    {
        get
        {
            lock (gate)
            {
                return committed;
            }
        }
    }

    public LogPosition Durable
    {
        get
        {
            lock (gate)
            {
                return durable;
            }
        }
    }

    /// <summary>Answers a submission, in order of positions, when its last position is committed.</summary>
    public void Await(LogPosition position, Submission submission)
    {
        lock (gate)
        {
            if (position <= committed)
            {
                submission.Complete();
            }
            else if (dead is not null)
            {
                // The log ended while this was on its way to the disk: nobody commits it here any more.
                submission.Died(dead);
            }
            else
            {
                awaiting.Enqueue((position, submission));
            }
        }
    }

    public void AdvanceDurable(LogPosition position)
    {
        lock (gate)
        {
            Invariant.Holds(position >= durable, $"the durable position went back from {durable} to {position}");
            durable = position;
        }
    }

    public void AdvanceCommitted(LogPosition position)
    {
        TaskCompletionSource? signal = null;
        lock (gate)
        {
            Invariant.Holds(position <= durable, $"the commit position {position} passed the durable one {durable}");
            if (position > committed)
            {
                committed = position;
                signal = moved;
                moved = NewSignal();
            }

            while (awaiting.TryPeek(out var first) && first.Position <= committed)
            {
                awaiting.Dequeue().Submission.Complete();
            }
        }

        signal?.SetResult();
    }

    public void Cut(LogPosition end)
    {
        lock (gate)
        {
            Invariant.Holds(end >= committed, $"a cut to {end} would undo what was committed up to {committed}");
            Invariant.Holds(awaiting.Count == 0, "a cut would leave appends without an answer");
            durable = end;
        }
    }

    /// <summary>Whoever waits, now or later, for a commit that does not come gets this exception.</summary>
    public void Die(Exception why)
    {
        TaskCompletionSource signal;
        lock (gate)
        {
            dead ??= why;
            signal = moved;
            moved = NewSignal();
            while (awaiting.TryDequeue(out var first))
            {
                first.Submission.Died(why);
            }
        }

        signal.SetResult();
    }

    /// <summary>Ends when the position is committed.</summary>
    public async ValueTask WaitAsync(LogPosition position, CancellationToken cancel)
    {
        while (true)
        {
            Task next;
            lock (gate)
            {
                if (committed >= position)
                {
                    return;
                }

                if (dead is not null)
                {
                    throw dead;
                }

                next = moved.Task;
            }

            await next.Until(cancel);
        }
    }

    private static TaskCompletionSource NewSignal() => new(TaskCreationOptions.RunContinuationsAsynchronously);
}
