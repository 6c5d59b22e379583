using Elanus.Primitives;

namespace Elanus.Engine.Tests;

/// <summary>Runs every piece on the caller, as the simulator does.</summary>
internal sealed class InlineWork : IWorkScheduler
{
    public int Parallelism => 1;

    public Task<T> Run<T>(WorkPriority priority, Func<CancellationToken, T> work, CancellationToken cancel)
    {
        try
        {
            cancel.ThrowIfCancellationRequested();
            return Task.FromResult(work(cancel));
        }
        catch (OperationCanceledException) when (cancel.IsCancellationRequested)
        {
            return Task.FromCanceled<T>(cancel);
        }
        catch (Exception fault)
        {
            return Task.FromException<T>(fault);
        }
    }
}
