namespace Elanus.Primitives;

/// <summary>
/// Where blocking calls of the operating system run: a few threads of their own, started when first needed, so that a slow disk does not
/// take the threads that answer clients, and busy clients do not delay an fsync. Each caller awaits its call, so the queue is as long as
/// the number of callers.
/// </summary>
internal sealed class BlockingCalls(int threadsMax)
{
    public static readonly BlockingCalls Shared = new(8);

    private readonly Queue<Action> waiting = new();
    private readonly object gate = new();
    private int threads;
    private int idle;

    public Task<T> Run<T>(Func<T> call)
    {
        var done = new TaskCompletionSource<T>(TaskCreationOptions.RunContinuationsAsynchronously);
        lock (gate)
        {
            waiting.Enqueue(() => Complete(call, done));
            if (idle >= waiting.Count)
            {
                Monitor.Pulse(gate);
            }
            else if (threads < threadsMax)
            {
                threads++;
#pragma warning disable RS0030 // This is the seam behind which blocking calls have threads of their own.
                new Thread(Serve) { IsBackground = true, Name = "elanus-files" }.Start();
#pragma warning restore RS0030
            }
        }

        return done.Task;
    }

    private static void Complete<T>(Func<T> call, TaskCompletionSource<T> done)
    {
        try
        {
            done.SetResult(call());
        }
        catch (Exception fault)
        {
            done.SetException(fault);
        }
    }

    private void Serve()
    {
        while (true)
        {
            Action next;
            lock (gate)
            {
                while (!waiting.TryDequeue(out next!))
                {
                    idle++;
                    Monitor.Wait(gate);
                    idle--;
                }
            }

            next();
        }
    }
}
