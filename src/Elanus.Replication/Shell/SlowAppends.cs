namespace Elanus.Replication;

/// <summary>
/// Says of a record that waited long where it waited: to be written here, for this disk, or for the other members and the arbiter. The moments of the newest groups are kept for
/// that. Any thread.
/// </summary>
internal sealed class SlowAppends(TimeProvider time, Action<string> say)
{
    private const int MomentsKept = 256;

    private static readonly TimeSpan SaidFrom = TimeSpan.FromMilliseconds(500);

    /// <summary>Where everything is slow, one of many is enough.</summary>
    private static readonly TimeSpan SaidEvery = TimeSpan.FromSeconds(5);

    private readonly Lock gate = new();
    private readonly Moments written = new();
    private readonly Moments durable = new();
    private readonly Moments committed = new();
    private long? said;

    public void Written(ulong end) => Keep(written, end);

    public void Durable(ulong end) => Keep(durable, end);

    public void Committed(ulong end) => Keep(committed, end);

    /// <summary>A record that was asked for at <paramref name="since"/> was answered at a position.</summary>
    public void Answered(ulong position, long since)
    {
        var took = time.GetElapsedTime(since);
        if (took < SaidFrom)
        {
            return;
        }

        string where;
        lock (gate)
        {
            if (said is { } last && time.GetElapsedTime(last) < SaidEvery)
            {
                return;
            }

            said = time.GetTimestamp();
            where = $"written after {written.When(position, since, time)}, durable here after {durable.When(position, since, time)}, committed after {committed.When(position, since, time)} ms";
        }

        say($"record {position} took {took.TotalMilliseconds:0} ms: {where}");
    }

    private void Keep(Moments moments, ulong end)
    {
        lock (gate)
        {
            moments.Keep(end, time.GetTimestamp());
        }
    }

    /// <summary>When something reached which position; the oldest are forgotten.</summary>
    private sealed class Moments
    {
        private readonly Queue<(ulong End, long At)> kept = new();
        private ulong forgotten;

        public void Keep(ulong end, long at)
        {
            kept.Enqueue((end, at));
            if (kept.Count > MomentsKept)
            {
                forgotten = kept.Dequeue().End;
            }
        }

        public string When(ulong position, long since, TimeProvider time)
        {
            var (end, at) = kept.FirstOrDefault(moment => moment.End >= position);
            return end == 0 || position <= forgotten ? "(no longer known)" : $"{Math.Max(0, time.GetElapsedTime(since, at).TotalMilliseconds):0}";
        }
    }
}
