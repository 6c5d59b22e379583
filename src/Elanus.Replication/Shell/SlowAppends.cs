namespace Elanus.Replication;

/// <summary>
/// Says of a record that waited long where it waited: to be written here, for this disk, or for the other members and the arbiter. The times of the newest groups are kept for that.
/// Any thread.
/// </summary>
internal sealed class SlowAppends(TimeProvider time, Action<string> say)
{
    private const int GroupsKept = 64;

    private static readonly TimeSpan SaidFrom = TimeSpan.FromMilliseconds(500);

    /// <summary>Where everything is slow, one of many is enough.</summary>
    private static readonly TimeSpan SaidEvery = TimeSpan.FromSeconds(5);

    private readonly Lock gate = new();
    private readonly Queue<(ulong End, long At)> written = new();
    private readonly Queue<(ulong End, long At)> durable = new();
    private long? said;

    public void Written(ulong end) => Keep(written, end);

    public void Durable(ulong end) => Keep(durable, end);

    /// <summary>A record that was asked for at <paramref name="since"/> is committed at a position.</summary>
    public void Committed(ulong position, long since)
    {
        var took = time.GetElapsedTime(since);
        if (took < SaidFrom)
        {
            return;
        }

        lock (gate)
        {
            if (said is { } last && time.GetElapsedTime(last) < SaidEvery)
            {
                return;
            }

            said = time.GetTimestamp();
        }

        say($"record {position} was committed after {took.TotalMilliseconds:0} ms: {When(written, position, since)} written, {When(durable, position, since)} durable here");
    }

    private string When(Queue<(ulong End, long At)> groups, ulong position, long since)
    {
        lock (gate)
        {
            var (end, at) = groups.FirstOrDefault(group => group.End >= position);
            return end == 0 ? "(not kept when)" : $"after {Math.Max(0, time.GetElapsedTime(since, at).TotalMilliseconds):0}";
        }
    }

    private void Keep(Queue<(ulong End, long At)> groups, ulong end)
    {
        var now = time.GetTimestamp();
        lock (gate)
        {
            groups.Enqueue((end, now));
            if (groups.Count > GroupsKept)
            {
                groups.Dequeue();
            }
        }
    }
}
