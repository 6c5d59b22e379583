namespace Elanus.Server.Tests;

/// <summary>The real time, shifted into the future as a test wants it; timers stay real.</summary>
internal sealed class ShiftedTime : TimeProvider
{
    private long ticks;

    public void Shift(TimeSpan by) => Interlocked.Add(ref ticks, by.Ticks);

    public override DateTimeOffset GetUtcNow() => System.GetUtcNow() + TimeSpan.FromTicks(Interlocked.Read(ref ticks));
}
