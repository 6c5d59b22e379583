namespace Elanus.Roles;

/// <summary>
/// Hands out ids of collections, partitions, indexes and rows. Invariant: an id is below a ceiling that stands committed in the log, and
/// a new process starts at that ceiling, so no id is given twice. A reservation is everybody's: whoever waits for one may go, and it goes on. Any thread may call it.
/// </summary>
public sealed class IdAllocator(MetadataChannel metadata, HybridClock clock)
{
    /// <summary>Ids reserved by one record; a crash wastes at most these.</summary>
    private const long ReservationSize = 1L << 24;

    /// <summary>A little longer than the reservation's own record waits, so that its failure is what is told.</summary>
    private static readonly TimeSpan ReservationPatience = ChannelFollower.AppendPatience + TimeSpan.FromMilliseconds(500);

    private readonly Lock gate = new();
    private Task<Result<Unit>>? reserving;
    private long next;
    private long ceiling;

    /// <summary>
    /// The first of <paramref name="count"/> consecutive ids. <see cref="FailureCode.TooManyRequests"/> where their reservation is not committed in time: rows would wait here that no bound of the log counts.
    /// </summary>
    /// <exception cref="OperationCanceledException">Cancelled before there were so many; none is given.</exception>
    public async Task<Result<long>> Allocate(int count, CancellationToken cancel)
    {
        Invariant.Holds(count is > 0 and < (int)ReservationSize, "a batch of ids must be smaller than a reservation");
        while (true)
        {
            Task<Result<Unit>> reservation;
            lock (gate)
            {
                if (next + count <= ceiling)
                {
                    var first = next;
                    next += count;
                    return first;
                }

                if (reserving is null or { IsCompleted: true })
                {
                    reserving = Reserve();
                }

                reservation = reserving;
            }

            try
            {
                await reservation.Within(ReservationPatience, clock.Time, cancel);
            }
            catch (TimeoutException)
            {
                return new Failure(
                    FailureCode.TooManyRequests, $"ids are reserved in the log, and their record was not committed within {ReservationPatience.TotalMilliseconds:0} ms; try again");
            }

            if (!(await reservation).TryGet(out _, out var failure))
            {
                return failure;
            }
        }
    }

    private async Task<Result<Unit>> Reserve()
    {
        // The log is not to be called under the lock.
        await Task.Yield();

        // The first reservation of a formatted directory starts at the clock, so that ids of a re-created server differ from those of the old. One at a time raises the ceiling.
        var floor = Math.Max(metadata.Current.Root.IdCeiling, Volatile.Read(ref ceiling));
        var start = floor > 0 ? floor : (long)clock.Now().Value;
        if (!(await metadata.Append(new RootCommand.ReserveIds(start + ReservationSize), CancellationToken.None)).TryGet(out _, out var failure))
        {
            return failure;
        }

        lock (gate)
        {
            next = start;
            ceiling = start + ReservationSize;
        }

        return Result.Ok;
    }
}
