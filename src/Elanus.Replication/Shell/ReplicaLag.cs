namespace Elanus.Replication;

/// <summary>
/// How far a follower's state lies behind what the active says: in records, and in time since the active said something that is all applied here; and for how long it has said nothing.
/// Any thread.
/// </summary>
internal sealed class ReplicaLag(TimeProvider time)
{
    private readonly Lock gate = new();
    private ulong told;
    private (ulong Commit, long At)? pending;
    private long coveredAt = time.GetTimestamp();
    private long heardAt = time.GetTimestamp();

    /// <summary>Since the active last said anything, or was first known.</summary>
    public TimeSpan Silence => time.GetElapsedTime(Volatile.Read(ref heardAt));

    /// <summary>The active has said something, or there is another one.</summary>
    public void Heard() => Volatile.Write(ref heardAt, time.GetTimestamp());

    /// <summary>The active has committed up to here.</summary>
    public void Told(ulong commit, ulong applied)
    {
        lock (gate)
        {
            told = Math.Max(told, commit);
            Settle(applied);
            if (commit <= applied)
            {
                coveredAt = time.GetTimestamp();
            }
            else
            {
                pending ??= (commit, time.GetTimestamp());
            }
        }
    }

    public (ulong Records, TimeSpan Time) Now(ulong applied)
    {
        lock (gate)
        {
            Settle(applied);
            return (told - Math.Min(told, applied), time.GetElapsedTime(coveredAt));
        }
    }

    private void Settle(ulong applied)
    {
        if (pending is { } waits && waits.Commit <= applied)
        {
            (coveredAt, pending) = (waits.At, null);
        }
    }
}
