namespace Elanus.Primitives;

/// <summary>
/// A hybrid logical clock (Kulkarni et al., "Logical Physical Clocks", 2014) in Milvus's timestamp form: each stamp is above
/// every stamp given or seen before, and as near to physical time as that allows. Any thread may call it.
/// </summary>
public sealed class HybridClock(TimeProvider time)
{
    private readonly Lock gate = new();
    private ulong last;

    /// <summary>The physical time that it follows, for waits.</summary>
    public TimeProvider Time => time;

    /// <summary>A stamp above all given or seen before.</summary>
    public Timestamp Next()
    {
        var physical = Timestamp.FromTime(time.GetUtcNow()).Value;
        lock (gate)
        {
            last = Math.Max(last + 1, physical);
            return new(last);
        }
    }

    /// <summary>The latest moment this clock stands at, without advancing it.</summary>
    public Timestamp Now()
    {
        var physical = Timestamp.FromTime(time.GetUtcNow()).Value;
        lock (gate)
        {
            return new(Math.Max(last, physical));
        }
    }

    /// <summary>Moves the clock forward to a stamp seen in a message or a log; never back.</summary>
    public void Observe(Timestamp seen)
    {
        lock (gate)
        {
            last = Math.Max(last, seen.Value);
        }
    }
}
