namespace Elanus.Replication;

/// <summary>
/// What a follower knows of the active's clock: every record with a timestamp up to a moment lies at or below a position. So a state that has applied that
/// position shows everything up to that moment. Never wrong, whoever said it: the moment lies below a committed reservation, and every later epoch's
/// timestamps lie above it. Any thread.
/// </summary>
internal sealed class FollowedClock(TimeProvider time)
{
    private readonly Lock gate = new();
    private TaskCompletionSource news = New();
    private (Timestamp At, ulong End) passed;

    public void Told(Timestamp at, ulong end)
    {
        TaskCompletionSource old;
        lock (gate)
        {
            if (at <= passed.At)
            {
                return;
            }

            passed = (at, end);
            (old, news) = (news, New());
        }

        old.SetResult();
    }

    /// <summary>The position that holds everything up to a moment; null while the active's clock is not known to have passed it.</summary>
    public ulong? EndOf(Timestamp moment)
    {
        lock (gate)
        {
            return passed.At >= moment ? passed.End : null;
        }
    }

    /// <summary>The position that holds everything up to a moment, once the active's clock is known to have passed it; null where that does not come in time.</summary>
    public async Task<ulong?> Pass(Timestamp moment, TimeSpan patience, CancellationToken cancel)
    {
        using var limit = new CancellationTokenSource(patience, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(limit.Token, cancel);
        while (true)
        {
            Task more;
            lock (gate)
            {
                if (passed.At >= moment)
                {
                    return passed.End;
                }

                more = news.Task;
            }

            try
            {
                await more.Until(either.Token);
            }
            catch (OperationCanceledException) when (!cancel.IsCancellationRequested)
            {
                return null;
            }
        }
    }

    private static TaskCompletionSource New() => new(TaskCreationOptions.RunContinuationsAsynchronously);
}
