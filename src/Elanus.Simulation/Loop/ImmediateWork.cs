namespace Elanus.Simulation;

/// <summary>Heavy work at once, where it is asked for; for what stands beside the simulated processes.</summary>
internal sealed class ImmediateWork : IWorkScheduler
{
    public static readonly ImmediateWork Instance = new();

    public int Parallelism => 1;

    public Task<T> Run<T>(WorkPriority priority, Func<CancellationToken, T> work, CancellationToken cancel) => Task.FromResult(work(cancel));
}
