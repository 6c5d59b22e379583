namespace Elanus.Server.Tests;

/// <summary>The real time, shifted into the future as a test wants it; timers stay real, but for those that it makes quick.</summary>
internal sealed class ShiftedTime : TimeProvider
{
    private long ticks;

    /// <summary>Timers of this length go off at once.</summary>
    public TimeSpan? Quick { get; init; }

    public void Shift(TimeSpan by) => Interlocked.Add(ref ticks, by.Ticks);

    public override DateTimeOffset GetUtcNow() => System.GetUtcNow() + TimeSpan.FromTicks(Interlocked.Read(ref ticks));

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period) =>
        base.CreateTimer(callback, state, dueTime == Quick ? TimeSpan.FromMilliseconds(20) : dueTime, period == Quick ? TimeSpan.FromMilliseconds(20) : period);
}
