using Elanus.Primitives;

namespace Elanus.Log;

/// <summary>
/// Keeps timestamps that are handed out or promised below the reservation that stands, committed, in the log. It asks for the next one when
/// half is used up, so that callers rarely wait. Any thread may call it.
/// </summary>
internal sealed class TimestampReserve(HybridClock clock, WriteQueue queue, int aheadMs)
{
    private readonly Lock gate = new();
    private Timestamp standing;
    private ReserveSubmission? asked;

    /// <summary>The reservation that is known to be committed.</summary>
    public Timestamp Standing
    {
        get
        {
            lock (gate)
            {
                return standing;
            }
        }
    }

    /// <summary>A reservation is committed.</summary>
    public void Stands(Timestamp reservation)
    {
        lock (gate)
        {
            standing = reservation > standing ? reservation : standing;
        }
    }

    /// <summary>Ends when a reservation that covers the timestamp is committed; a failure says that none could be written.</summary>
    public ValueTask<Result<Unit>> CoverAsync(Timestamp stamp)
    {
        lock (gate)
        {
            var now = clock.Now();
            var covered = stamp <= standing;
            if (covered && standing.PhysicalMs >= now.PhysicalMs + (ulong)(aheadMs / 2))
            {
                return new(Result.Ok);
            }

            if (asked is null || asked.Done.IsCompleted || asked.Covers < stamp)
            {
                asked = new(stamp > now ? stamp : now, aheadMs / 2);
                queue.Enter(asked);
            }

            return covered ? new(Result.Ok) : new(asked.Done);
        }
    }
}
