using System.Collections.Concurrent;
using Elanus.Primitives;

namespace Elanus.Primitives.Tests;

/// <summary>A scheduler of one thread that knows when something came back to it by another.</summary>
internal sealed class OneThread : SynchronizationContext
{
    private readonly ConcurrentQueue<(SendOrPostCallback Work, object? State)> queue = new();
    private readonly int thread = Environment.CurrentManagedThreadId;

    public bool WasLeft { get; private set; }

    /// <summary>Runs to its end what never leaves this thread.</summary>
    public static void Run(Func<OneThread, Task> work)
    {
        var before = Current;
        var one = new OneThread();
        SetSynchronizationContext(one);
        try
        {
            var running = work(one);
            var patience = DateTime.UtcNow.AddSeconds(20);
            while (!running.IsCompleted && DateTime.UtcNow < patience)
            {
                if (one.queue.TryDequeue(out var next))
                {
                    next.Work(next.State);
                }
            }

            Assert.True(running.IsCompleted, "the work did not end");
            running.GetAwaiter().GetResult();
            Assert.False(one.WasLeft, "a continuation came back from another thread");
        }
        finally
        {
            SetSynchronizationContext(before);
        }
    }

    public void Later(Action action) => Post(_ => action(), null);

    public override void Post(SendOrPostCallback d, object? state)
    {
        WasLeft |= Environment.CurrentManagedThreadId != thread;
        queue.Enqueue((d, state));
    }
}
