namespace Elanus.Simulation;

/// <summary>A timer in virtual time. Each setting has a number; an alarm of an older one does nothing.</summary>
internal sealed class ProcessTimer(SimulationLoop loop, SimulatedProcess process, TimerCallback callback, object? state) : ITimer
{
    private long setting;
    private TimeSpan every;

    public bool Change(TimeSpan dueTime, TimeSpan period)
    {
        setting++;
        every = period;
        if (dueTime != Timeout.InfiniteTimeSpan)
        {
            Arm(dueTime);
        }

        return true;
    }

    public void Dispose() => setting++;

    public ValueTask DisposeAsync()
    {
        Dispose();
        return ValueTask.CompletedTask;
    }

    private void Arm(TimeSpan after)
    {
        var armed = setting;
        loop.SetAlarm(process, loop.Now + after.Ticks, _ => Ring(armed), null);
    }

    private void Ring(long armed)
    {
        if (armed != setting)
        {
            return;
        }

        if (every != Timeout.InfiniteTimeSpan && every > TimeSpan.Zero)
        {
            Arm(every);
        }

        callback(state);
    }
}
