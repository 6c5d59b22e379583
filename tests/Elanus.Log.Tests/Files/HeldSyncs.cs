using Elanus.Primitives;

namespace Elanus.Log.Tests;

/// <summary>A log whose groups go beside each other, and whose syncs end when, and in the order in which, a test lets them. Any thread may call it.</summary>
internal sealed class HeldSyncs : IDisposable
{
    private readonly Lock gate = new();
    private readonly List<TaskCompletionSource> held = [];
    private bool holds;

    public HeldSyncs(int groupsAtOnce = 2)
    {
        Tapped = new(Files) { BeforeSync = BeforeSync };
        World = new() { Files = Files, Seen = Tapped, Options = new() { SegmentBytes = 64 * 1024, MarkAfterIdleMs = 0, GroupBytesBeside = 1, GroupsAtOnceMax = groupsAtOnce } };
    }

    public MemoryFileSystem Files { get; } = new();

    public TappedFileSystem Tapped { get; }

    public LogWorld World { get; }

    /// <summary>From now on syncs wait.</summary>
    public void Hold()
    {
        lock (gate)
        {
            holds = true;
        }
    }

    /// <summary>Ends when so many syncs wait.</summary>
    public async Task UntilAsync(int waiting)
    {
        while (true)
        {
            lock (gate)
            {
                if (held.Count == waiting)
                {
                    return;
                }
            }

            await Task.Delay(1);
        }
    }

    /// <summary>Lets the sync go on that began so many after the oldest that waits.</summary>
    public void Release(int index)
    {
        TaskCompletionSource released;
        lock (gate)
        {
            released = held[index];
            held.RemoveAt(index);
        }

        released.SetResult();
    }

    public void ReleaseAll()
    {
        lock (gate)
        {
            holds = false;
            held.ForEach(sync => sync.SetResult());
            held.Clear();
        }
    }

    /// <summary>Before the log is disposed of, which waits for its syncs.</summary>
    public void Dispose() => ReleaseAll();

    private Task BeforeSync()
    {
        lock (gate)
        {
            if (!holds)
            {
                return Task.CompletedTask;
            }

            held.Add(new(TaskCreationOptions.RunContinuationsAsynchronously));
            return held[^1].Task;
        }
    }
}
