namespace Elanus.Replication;

/// <summary>
/// Drives one core: events in the order in which they come, each with the time it is handled at; effects in the order in which the core asked for
/// them. One task handles; any thread posts.
/// </summary>
internal sealed class ReplicaLoop(ReplicaCore core, ReplicaOptions options, TimeProvider time, Func<ulong> applied, Action<Effect> perform)
{
    private readonly Lock gate = new();
    private readonly Queue<CoreEvent> events = new();
    private readonly AsyncSignal news = new();
    private readonly long origin = time.GetTimestamp();
    private volatile bool tickIsDue = true;

    private long Now => (long)time.GetElapsedTime(origin).TotalMilliseconds + 1;

    public void Post(CoreEvent what)
    {
        lock (gate)
        {
            events.Enqueue(what);
        }

        news.Set();
    }

    public async Task Run(CancellationToken stop)
    {
        // One timer for the loop's life, however often an event wakes it.
        var every = TimeSpan.FromMilliseconds(Math.Max(1, options.HeartbeatMs / 2));
        using var ticking = time.CreateTimer(_ => TickIsDue(), null, every, every);
        using var stopping = stop.Register(news.Set);
        Handle(new Started());
        while (!stop.IsCancellationRequested)
        {
            if (tickIsDue)
            {
                tickIsDue = false;
                Handle(new Tick(applied()));
            }

            if (TryTake() is { } what)
            {
                Handle(what);
            }
            else
            {
                await news.WaitAsync();
            }
        }
    }

    private CoreEvent? TryTake()
    {
        lock (gate)
        {
            return events.TryDequeue(out var what) ? what : null;
        }
    }

    private void TickIsDue()
    {
        tickIsDue = true;
        news.Set();
    }

    private void Handle(CoreEvent what)
    {
        foreach (var effect in core.Handle(what, Now))
        {
            perform(effect);
        }
    }
}
