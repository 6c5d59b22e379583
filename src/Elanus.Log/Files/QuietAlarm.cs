using Elanus.Primitives;

namespace Elanus.Log;

/// <summary>
/// Wakes the writer when its log has been quiet for a while. Set once for many groups: a group that comes meanwhile costs nothing, the alarm then finds that it is not
/// yet time. The writer's loop alone uses it; the timer only rings.
/// </summary>
internal sealed class QuietAlarm : IDisposable
{
    private readonly TimeProvider time;
    private readonly ITimer timer;
    private long since;
    private int armedMs = int.MaxValue;
    private volatile bool rang;

    public QuietAlarm(TimeProvider time, AsyncSignal wake)
    {
        this.time = time;
        since = time.GetTimestamp();
        timer = time.CreateTimer(
            _ =>
            {
                rang = true;
                wake.Set();
            },
            null,
            Timeout.InfiniteTimeSpan,
            Timeout.InfiniteTimeSpan);
    }

    /// <summary>A group was written: the quiet begins anew.</summary>
    public void Restart() => since = time.GetTimestamp();

    /// <summary>Rings when the quiet has lasted so long, or earlier where it is armed for that already.</summary>
    public void Arm(int quietMs)
    {
        if (quietMs < armedMs)
        {
            armedMs = quietMs;
            var left = TimeSpan.FromMilliseconds(quietMs) - time.GetElapsedTime(since);
            timer.Change(left > TimeSpan.Zero ? left : TimeSpan.Zero, Timeout.InfiniteTimeSpan);
        }
    }

    /// <summary>True once when it rang and the quiet has lasted so long.</summary>
    public bool Rang(int quietMs)
    {
        if (!rang)
        {
            return false;
        }

        (armedMs, rang) = (int.MaxValue, false);
        return time.GetElapsedTime(since) >= TimeSpan.FromMilliseconds(quietMs);
    }

    public void Dispose() => timer.Dispose();
}
