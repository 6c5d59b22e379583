#pragma warning disable RS0030 // This is the seam that stands before the banned threads.
using System.Runtime.InteropServices;
using System.Threading.Channels;

namespace Elanus.Primitives;

/// <summary>
/// Heavy work on threads of its own: one a core for work that a client waits for, and one, niced, for the rest, so that a build yields
/// to searches. Queues are bounded; whoever finds one full waits.
/// </summary>
public sealed partial class PooledWork : IWorkScheduler, IAsyncDisposable
{
    private const int QueueDepthMax = 4_096;

    /// <summary>How far background threads step back (Linux nice value of the thread).</summary>
    private const int BackgroundNice = 15;

    private readonly Channel<Action> foreground = Channel.CreateBounded<Action>(QueueDepthMax);
    private readonly Channel<Action> background = Channel.CreateBounded<Action>(QueueDepthMax);
    private readonly List<Thread> threads = [];

    public PooledWork(int? parallelism = null)
    {
        Parallelism = parallelism ?? Environment.ProcessorCount;
        for (var i = 0; i < Parallelism; i++)
        {
            Start($"elanus-work-{i}", foreground.Reader, nice: 0);
        }

        Start("elanus-background", background.Reader, BackgroundNice);
    }

    public int Parallelism { get; }

    public async Task<T> Run<T>(WorkPriority priority, Func<CancellationToken, T> work, CancellationToken cancel)
    {
        var done = new TaskCompletionSource<T>(TaskCreationOptions.RunContinuationsAsynchronously);
        var queue = priority == WorkPriority.Foreground ? foreground : background;
        await queue.Writer.WriteAsync(
            () =>
            {
                try
                {
                    cancel.ThrowIfCancellationRequested();
                    done.SetResult(work(cancel));
                }
                catch (OperationCanceledException cancelled)
                {
                    done.SetCanceled(cancelled.CancellationToken);
                }
                catch (Exception failed)
                {
                    done.SetException(failed);
                }
            },
            cancel);
        return await done.Task;
    }

    /// <summary>Ends the threads after the work that is queued.</summary>
    public ValueTask DisposeAsync()
    {
        foreground.Writer.TryComplete();
        background.Writer.TryComplete();
        return ValueTask.CompletedTask;
    }

    private void Start(string name, ChannelReader<Action> queue, int nice)
    {
        var thread = new Thread(() =>
        {
            if (nice > 0 && OperatingSystem.IsLinux())
            {
                // 0 names the calling thread; where it is refused the work just does not yield.
                _ = SetPriority(0, 0, nice);
            }

            Loop(queue);
        })
        {
            Name = name,
            IsBackground = true,
        };
        threads.Add(thread);
        thread.Start();
    }

    private static void Loop(ChannelReader<Action> queue)
    {
        // These threads exist to block: between pieces of work they wait here.
        while (queue.WaitToReadAsync().AsTask().GetAwaiter().GetResult())
        {
            while (queue.TryRead(out var work))
            {
                work();
            }
        }
    }

    [LibraryImport("libc", EntryPoint = "setpriority")]
    private static partial int SetPriority(int which, uint who, int nice);
}
