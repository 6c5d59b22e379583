namespace Elanus.Simulation;

/// <summary>Heavy work as one step, after the virtual time that it would take.</summary>
public sealed class SteppedWork(SimulatedProcess process, Dice dice) : IWorkScheduler
{
    private const long ForegroundTicksMax = 5_000;
    private const long BackgroundTicksMax = 2_000_000;

    public int Parallelism => 2;

    public async Task<T> Run<T>(WorkPriority priority, Func<CancellationToken, T> work, CancellationToken cancel)
    {
        await process.Delay(dice.Scaled(10, priority == WorkPriority.Foreground ? ForegroundTicksMax : BackgroundTicksMax));
        cancel.ThrowIfCancellationRequested();
        return work(cancel);
    }
}
