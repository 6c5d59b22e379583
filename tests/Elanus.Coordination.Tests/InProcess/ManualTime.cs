namespace Elanus.Coordination.Tests.InProcess;

/// <summary>Time that stands until it is moved; timers fire, in order, while it moves.</summary>
internal sealed class ManualTime : TimeProvider
{
    private readonly List<Timer> timers = [];
    private TimeSpan now;

    public override long TimestampFrequency => TimeSpan.TicksPerSecond;

    public override long GetTimestamp() => now.Ticks;

    public override DateTimeOffset GetUtcNow() => DateTimeOffset.UnixEpoch + now;

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
    {
        var timer = new Timer(this, () => callback(state));
        timer.Change(dueTime, period);
        return timer;
    }

    public void Advance(TimeSpan by)
    {
        var until = now + by;
        while (timers.Where(timer => timer.Due <= until).MinBy(timer => timer.Due) is { } next)
        {
            now = next.Due;
            timers.Remove(next);
            next.Fire();
        }

        now = until;
    }

    private sealed class Timer(ManualTime owner, Action fire) : ITimer
    {
        public TimeSpan Due { get; private set; }

        public void Fire() => fire();

        public bool Change(TimeSpan dueTime, TimeSpan period)
        {
            Assert.Equal(Timeout.InfiniteTimeSpan, period);
            owner.timers.Remove(this);
            if (dueTime != Timeout.InfiniteTimeSpan)
            {
                Due = owner.now + dueTime;
                owner.timers.Add(this);
            }

            return true;
        }

        public void Dispose() => owner.timers.Remove(this);

        public ValueTask DisposeAsync()
        {
            Dispose();
            return ValueTask.CompletedTask;
        }
    }
}
