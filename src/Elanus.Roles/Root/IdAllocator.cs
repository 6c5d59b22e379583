namespace Elanus.Roles;

/// <summary>
/// Hands out ids of collections, partitions, indexes and rows. Invariant: an id is below a ceiling that stands committed in the log, and
/// a new process starts at that ceiling, so no id is given twice. Any thread may call it.
/// </summary>
public sealed class IdAllocator(MetadataChannel metadata, HybridClock clock)
{
    /// <summary>Ids reserved by one record; a crash wastes at most these.</summary>
    private const long ReservationSize = 1L << 24;

    private readonly ChangeGate gate = new();
    private long next;
    private long ceiling;

    /// <summary>The first of <paramref name="count"/> consecutive ids.</summary>
    public Task<Result<long>> Allocate(int count, CancellationToken cancel)
    {
        Invariant.Holds(count is > 0 and < (int)ReservationSize, "a batch of ids must be smaller than a reservation");
        return gate.Alone<long>(
            async () =>
            {
                if (next + count > ceiling)
                {
                    // The first reservation of a formatted directory starts at the clock, so that ids of a re-created server differ from those of the old.
                    var floor = Math.Max(metadata.Current.Root.IdCeiling, ceiling);
                    var start = floor > 0 ? floor : (long)clock.Now().Value;
                    var reserved = await metadata.Append(new RootCommand.ReserveIds(start + ReservationSize), cancel);
                    if (!reserved.TryGet(out _, out var failure))
                    {
                        return failure;
                    }

                    next = start;
                    ceiling = start + ReservationSize;
                }

                var first = next;
                next += count;
                return first;
            },
            cancel);
    }
}
