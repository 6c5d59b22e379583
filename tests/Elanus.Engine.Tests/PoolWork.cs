using Elanus.Primitives;

namespace Elanus.Engine.Tests;

/// <summary>Runs every piece on the thread pool.</summary>
internal sealed class PoolWork : IWorkScheduler
{
    public int Parallelism => 2;

    public Task<T> Run<T>(WorkPriority priority, Func<CancellationToken, T> work, CancellationToken cancel) => Task.Run(() => work(cancel), cancel);
}
