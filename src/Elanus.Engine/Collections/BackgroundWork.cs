using Elanus.Primitives;

namespace Elanus.Engine;

/// <summary>Owns every task that works behind the applier: none outlives it. Whoever started the work cancels it before. Any thread.</summary>
internal sealed class BackgroundWork(IWorkScheduler work) : IAsyncDisposable
{
    private readonly Lock gate = new();
    private readonly HashSet<Task> running = [];

    /// <summary>Runs a piece of heavy work at low priority.</summary>
    public Task<T> Run<T>(Func<CancellationToken, T> piece, CancellationToken cancel) => work.Run(WorkPriority.Background, piece, cancel);

    /// <summary>Takes charge of a task that handles its own faults.</summary>
    public void Own(Task task)
    {
        if (task.IsCompletedSuccessfully)
        {
            return;
        }

        lock (gate)
        {
            running.Add(task);
        }

        task.ContinueWith(Ended, CancellationToken.None, TaskContinuationOptions.ExecuteSynchronously, TaskScheduler.Default);
    }

    public async ValueTask DisposeAsync()
    {
        while (true)
        {
            Task[] left;
            lock (gate)
            {
                left = [.. running];
            }

            if (left.Length == 0)
            {
                break;
            }

            // However they end: what comes behind this, the log's own end, is not given up for one of them.
            await Waits.First(Waits.All(left));
        }
    }

    private void Ended(Task task)
    {
        lock (gate)
        {
            running.Remove(task);
        }
    }
}
