using Elanus.Primitives;

namespace Elanus.Engine.Tests;

/// <summary>Keeps background work until it is asked to run it; what a client waits for runs at once.</summary>
internal sealed class ManualWork : IWorkScheduler
{
    private readonly Queue<Action> waiting = [];
    private readonly InlineWork inline = new();

    public int Parallelism => 1;

    public int Waiting => waiting.Count;

    /// <summary>Ends the piece that was given last.</summary>
    public CancellationToken Cancellation { get; private set; }

    public Task<T> Run<T>(WorkPriority priority, Func<CancellationToken, T> work, CancellationToken cancel)
    {
        if (priority == WorkPriority.Foreground)
        {
            return inline.Run(priority, work, cancel);
        }

        Cancellation = cancel;
        var done = new TaskCompletionSource<T>();
        waiting.Enqueue(() =>
        {
            try
            {
                cancel.ThrowIfCancellationRequested();
                done.SetResult(work(cancel));
            }
            catch (OperationCanceledException)
            {
                done.SetCanceled(cancel);
            }
            catch (Exception fault)
            {
                done.SetException(fault);
            }
        });
        return done.Task;
    }

    /// <summary>Runs what waits, and what that adds.</summary>
    public void RunAll()
    {
        while (waiting.TryDequeue(out var piece))
        {
            piece();
        }
    }
}
