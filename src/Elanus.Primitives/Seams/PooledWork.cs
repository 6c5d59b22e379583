#pragma warning disable RS0030 // This is the seam that stands before the banned threads.
using System.Runtime.InteropServices;

namespace Elanus.Primitives;

/// <summary>
/// Heavy work on threads of its own: one a core for work that a client waits for, and one, niced, for the rest, so that a build yields
/// to searches. Queues are bounded; whoever finds one full waits.
/// </summary>
/// <remarks>
/// A thread begins with the nice value of the one that starts it, and the thread pool starts its threads on whichever gives it work. So the niced thread tells nobody that a piece is
/// done: a thread that is not niced does, or threads that answer clients would be niced for good.
/// </remarks>
public sealed partial class PooledWork : IWorkScheduler, IAsyncDisposable
{
    private const int QueueDepthMax = 4_096;

    /// <summary>
    /// How far background threads step back (Linux nice value of the thread): to a tenth of a core where others want all of it. The collector stops everybody until such a thread has come
    /// to a safe point, and runs on it where it was the one that asked for memory: further back, that would take as long as a host that is gone.
    /// </summary>
    private const int BackgroundNice = 10;

    private readonly WorkLine foreground = new();
    private readonly WorkLine background = new();
    private readonly WorkLine ended = new();

    public PooledWork(int? parallelism = null)
    {
        Parallelism = parallelism ?? Environment.ProcessorCount;
        for (var i = 0; i < Parallelism; i++)
        {
            Start($"elanus-work-{i}", () => Serve(foreground, tell => tell()));
        }

        Start("elanus-work-end", () => Serve(ended, tell => tell()));
        Start("elanus-background", ServeNiced);
    }

    public int Parallelism { get; }

    public async Task<T> Run<T>(WorkPriority priority, Func<CancellationToken, T> work, CancellationToken cancel)
    {
        var done = new TaskCompletionSource<T>(TaskCreationOptions.RunContinuationsAsynchronously);
        var line = priority == WorkPriority.Foreground ? foreground : background;
        await line.Room.WaitAsync(cancel);
        try
        {
            line.Add(() =>
            {
                var tell = Outcome(work, done, cancel);
                return () =>
                {
                    line.Room.Release();
                    tell();
                };
            });
        }
        catch (ObjectDisposedException)
        {
            // Whoever waits behind this caller hears of it too.
            line.Room.Release();
            throw;
        }

        return await done.Task;
    }

    /// <summary>Ends the threads after the work that is queued.</summary>
    public ValueTask DisposeAsync()
    {
        foreground.Close();
        background.Close();
        return ValueTask.CompletedTask;
    }

    private static Action Outcome<T>(Func<CancellationToken, T> work, TaskCompletionSource<T> done, CancellationToken cancel)
    {
        try
        {
            cancel.ThrowIfCancellationRequested();
            var result = work(cancel);
            return () => done.SetResult(result);
        }
        catch (OperationCanceledException cancelled)
        {
            return () => done.SetCanceled(cancelled.CancellationToken);
        }
        catch (Exception failed)
        {
            return () => done.SetException(failed);
        }
    }

    private static void Start(string name, ThreadStart serve) => new Thread(serve) { Name = name, IsBackground = true }.Start();

    private static void Serve(WorkLine line, Action<Action> ends)
    {
        while (line.Next() is { } piece)
        {
            ends(piece());
        }
    }

    private void ServeNiced()
    {
        if (OperatingSystem.IsLinux())
        {
            // 0 names the calling thread; where it is refused the work just does not yield.
            _ = SetPriority(0, 0, BackgroundNice);
        }

        Serve(background, tell => ended.Add(() => tell));
        ended.Close();
    }

    [LibraryImport("libc", EntryPoint = "setpriority")]
    private static partial int SetPriority(int which, uint who, int nice);

    /// <summary>Pieces that wait for a thread: each does its work and answers what is then to be told.</summary>
    private sealed class WorkLine
    {
        private readonly object gate = new();
        private readonly Queue<Func<Action>> waiting = new();
        private bool closed;

        public SemaphoreSlim Room { get; } = new(QueueDepthMax);

        public void Add(Func<Action> piece)
        {
            lock (gate)
            {
                ObjectDisposedException.ThrowIf(closed, this);
                waiting.Enqueue(piece);
                Monitor.Pulse(gate);
            }
        }

        /// <summary>Waits for the next piece; null when the line is closed and empty.</summary>
        public Func<Action>? Next()
        {
            lock (gate)
            {
                Func<Action>? next;
                while (!waiting.TryDequeue(out next) && !closed)
                {
                    Monitor.Wait(gate);
                }

                return next;
            }
        }

        public void Close()
        {
            lock (gate)
            {
                closed = true;
                Monitor.PulseAll(gate);
            }
        }
    }
}
