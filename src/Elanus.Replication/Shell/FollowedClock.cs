namespace Elanus.Replication;

/// <summary>
/// What a follower knows of the active's clock: every record with a timestamp up to a moment lies at or below a position. So a state that has applied that
/// position shows everything up to that moment. Only the active counts whose log this node's leads up to: a forced promotion leaves two histories, in which
/// neither positions nor moments are the same. Any thread.
/// </summary>
internal sealed class FollowedClock(TimeProvider time)
{
    private readonly Lock gate = new();
    private TaskCompletionSource news = New();
    private Epoch of = Epoch.None;
    private (Timestamp At, ulong End) passed;

    /// <summary>The node's log is found to lead up to that of the active of an epoch; what another one said counts no longer.</summary>
    public void Follow(Epoch epoch)
    {
        lock (gate)
        {
            (of, passed) = (epoch, default);
        }
    }

    /// <summary>An active has said how far its clock has come.</summary>
    public void Told(Epoch by, Timestamp at, ulong end)
    {
        TaskCompletionSource old;
        lock (gate)
        {
            if (by != of || at <= passed.At)
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
