namespace Elanus.Replication;

/// <summary>
/// Drives one core: events in the order in which they come, each with the time it is handled at; effects in the order in which the core asked for
/// them. One task handles; any thread posts.
/// </summary>
internal sealed class ReplicaLoop(ReplicaCore core, ReplicaOptions options, TimeProvider time, Action<Effect> perform)
{
    private readonly Lock gate = new();
    private readonly Queue<CoreEvent> events = new();
    private readonly long origin = time.GetTimestamp();
    private TaskCompletionSource news = New();

    private long Now => (long)time.GetElapsedTime(origin).TotalMilliseconds + 1;

    public void Post(CoreEvent what)
    {
        TaskCompletionSource woken;
        lock (gate)
        {
            events.Enqueue(what);
            woken = news;
        }

        woken.TrySetResult();
    }

    public async Task Run(CancellationToken stop)
    {
        var tickMs = Math.Max(1, options.HeartbeatMs / 2);
        var nextTick = Now;
        Handle(new Started());
        while (!stop.IsCancellationRequested)
        {
            Task changed;
            bool any;
            CoreEvent? what;
            lock (gate)
            {
                any = events.TryDequeue(out what);
                if (!any && news.Task.IsCompleted)
                {
                    news = New();
                }

                changed = news.Task;
            }

            if (Now >= nextTick)
            {
                Handle(new Tick());
                nextTick = Now + tickMs;
            }

            if (any)
            {
                Handle(what!);
                continue;
            }

            using var over = CancellationTokenSource.CreateLinkedTokenSource(stop);
            await Waits.First(changed, Task.Delay(TimeSpan.FromMilliseconds(Math.Max(1, nextTick - Now)), time, over.Token));
            over.Cancel();
        }
    }

    private void Handle(CoreEvent what)
    {
        foreach (var effect in core.Handle(what, Now))
        {
            perform(effect);
        }
    }

    private static TaskCompletionSource New() => new(TaskCreationOptions.RunContinuationsAsynchronously);
}
