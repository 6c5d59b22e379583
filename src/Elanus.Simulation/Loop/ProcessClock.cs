namespace Elanus.Simulation;

/// <summary>A process's clock: virtual time since the run began, and a wall clock that may jump. One thread.</summary>
public sealed class ProcessClock(SimulationLoop loop, SimulatedProcess process) : TimeProvider
{
    /// <summary>How far the wall clock is off.</summary>
    public TimeSpan Offset { get; set; }

    public override TimeZoneInfo LocalTimeZone => TimeZoneInfo.Utc;

    public override long TimestampFrequency => TimeSpan.TicksPerSecond;

    public override DateTimeOffset GetUtcNow() => loop.Wall + Offset;

    public override long GetTimestamp() => loop.Now;

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
    {
        var timer = new ProcessTimer(loop, process, callback, state);
        timer.Change(dueTime, period);
        return timer;
    }
}
