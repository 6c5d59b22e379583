using Elanus.Primitives;

namespace Elanus.Log;

/// <summary>
/// What waits to be written, bounded in bytes and in number. Who finds no room waits in line, as long as its patience lasts; the line is
/// bounded too. Any thread may submit; one takes, and is woken by the signal when something may wait, or the queue was closed.
/// </summary>
internal sealed class WriteQueue(ChannelId channel, FileLogOptions options, TimeProvider time, AsyncSignal work)
{
    private readonly Lock gate = new();
    private readonly Queue<Submission> admitted = new();
    private readonly LinkedList<Waiting> line = new();
    private long bytes;
    private Exception? closed;

    /// <summary>Lets a submission in, waiting for room; a failure says that there was none in time.</summary>
    public async ValueTask<Failure?> EnterAsync(Submission submission, TimeSpan patience, CancellationToken cancel)
    {
        cancel.ThrowIfCancellationRequested();
        LinkedListNode<Waiting> node;
        lock (gate)
        {
            ThrowIfClosed();
            if (line.Count == 0 && HasRoom(submission))
            {
                Admit(submission);
                return null;
            }

            if ((patience <= TimeSpan.Zero && patience != Timeout.InfiniteTimeSpan) || line.Count >= options.WaitingAppendsMax)
            {
                return Overloaded(patience);
            }

            node = line.AddLast(new Waiting(submission, new(TaskCreationOptions.RunContinuationsAsynchronously)));
        }

        try
        {
            await node.Value.Entered.Task.Within(patience, time, cancel);
            return null;
        }
        catch (TimeoutException) when (TryLeave(node))
        {
            return Overloaded(patience);
        }
        catch (OperationCanceledException) when (TryLeave(node))
        {
            throw;
        }
        catch (Exception late) when (late is TimeoutException or OperationCanceledException)
        {
            // It was let in, or the queue was closed, while the patience ran out.
            await node.Value.Entered.Task;
            return null;
        }
    }

    /// <summary>Lets in what the log itself must write, whatever waits.</summary>
    public void Enter(Submission submission)
    {
        lock (gate)
        {
            ThrowIfClosed();
            Admit(submission);
        }
    }

    /// <summary>Moves what makes up the next group into a list; false where nothing waits, or fewer bytes than are asked for.</summary>
    public bool TryTake(List<Submission> into, long bytesMin = 0)
    {
        lock (gate)
        {
            if (bytes < bytesMin)
            {
                return false;
            }

            // While one group is being synced, those who wrote the group before prepare what follows: of much that waits, a half is left for the next group, or
            // all of them would wait for the disk together, and the disk for all of them.
            var enough = Math.Max(options.GroupBytesWhole, bytes / 2);
            long taken = 0;
            while (admitted.TryPeek(out var next) && (taken == 0 || (taken < enough && taken + next.Bytes <= options.GroupBytesMax)))
            {
                into.Add(admitted.Dequeue());
                taken += next.Bytes;
            }

            bytes -= taken;
            AdmitFromLine();
            return into.Count > 0;
        }
    }

    /// <summary>From now on entering throws this. What has entered can still be taken; what waits in line gets the exception.</summary>
    public void Close(Exception why)
    {
        lock (gate)
        {
            closed ??= why;
            foreach (var waiting in line)
            {
                waiting.Entered.TrySetException(closed);
            }

            line.Clear();
            work.Set();
        }
    }

    public bool IsClosed
    {
        get
        {
            lock (gate)
            {
                return closed is not null;
            }
        }
    }

    private bool TryLeave(LinkedListNode<Waiting> node)
    {
        lock (gate)
        {
            if (node.List is null)
            {
                return false;
            }

            line.Remove(node);
            AdmitFromLine();
            return true;
        }
    }

    private Failure Overloaded(TimeSpan patience) => new(
        FailureCode.TooManyRequests,
        $"the log of {channel} made no room within {patience.TotalMilliseconds:0} ms for another record ({bytes} bytes wait to be written)");

    private void ThrowIfClosed()
    {
        if (closed is not null)
        {
            throw closed;
        }
    }

    private bool HasRoom(Submission submission) =>
        admitted.Count == 0 || (admitted.Count < options.QueueRecordsMax && bytes + submission.Bytes <= options.QueueBytesMax);

    private void AdmitFromLine()
    {
        while (line.First is { } first && HasRoom(first.Value.Submission))
        {
            line.RemoveFirst();
            Admit(first.Value.Submission);
            first.Value.Entered.TrySetResult();
        }
    }

    private void Admit(Submission submission)
    {
        admitted.Enqueue(submission);
        bytes += submission.Bytes;
        work.Set();
    }

    private sealed record Waiting(Submission Submission, TaskCompletionSource Entered);
}
