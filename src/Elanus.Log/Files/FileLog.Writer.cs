using Elanus.Primitives;

namespace Elanus.Log;

/// <summary>The loop that writes: the only one that adds to the files.</summary>
public sealed partial class FileLog
{
    private async Task RunAsync()
    {
        var batch = new List<Submission>();
        try
        {
            while (true)
            {
                batch.Clear();
                if (queue.TryTake(batch))
                {
                    await WriteAloneAsync(batch);

                    // Whoever was just answered often writes again at once: let in first, they share the next fsync instead of waiting for one that the quickest of them began.
                    await Task.Yield();
                }
                else if (queue.IsClosed)
                {
                    await files.MarkAsync(end.Position, CancellationToken.None);
                    await files.SyncAsync(CancellationToken.None);
                    shortage.End();
                    return;
                }
                else
                {
                    await IdleAsync();
                }
            }
        }
        catch (Exception fault)
        {
            // Whatever stops the writer stops the log: nothing more is answered, and the owner learns it from Death.
            Die(fault);
            shortage.End();
            foreach (var submission in batch)
            {
                submission.Died(Dead());
            }

            while (queue.TryTake(batch))
            {
                batch.ForEach(submission => submission.Died(Dead()));
                batch.Clear();
            }
        }
    }

    private async ValueTask WriteAloneAsync(List<Submission> batch)
    {
        await disk.EnterAsync(CancellationToken.None);
        try
        {
            if (death.Task.IsCompleted)
            {
                throw Dead();
            }

            await WriteAsync(batch);
        }
        finally
        {
            disk.Leave();
        }

        marked = false;
        quiet.Restart();
    }

    private async ValueTask WriteAsync(List<Submission> batch)
    {
        builder.Clear();
        var draft = new GroupDraft(end, builder, clock, options.ReservationMs, FormatBehind, options.NewestFormat);
        var staged = new List<(LogPosition Position, Submission Submission)>(batch.Count);
        var group = Stage(batch, draft, staged);
        var written = builder.Count == 0 ? Result.Ok : await files.WriteAsync(builder, draft.Fences.Count > 0, end, Watched(draft), CancellationToken.None);
        if (written.Succeeded)
        {
            Land(draft, staged);
            shortage.FoundRoom(builder.SpaceBytes);
        }
        else
        {
            shortage.Refused(written.Failure!, builder.SpaceBytes, staged.Count);
            staged.ForEach(entry => entry.Submission.Refused(written.Failure!));
        }

        lock (gate)
        {
            inFlight = null;
        }

        group.Done.SetResult();
    }

    /// <summary>Hands a group to whoever sends it on, as soon as the file system has taken it: their fsyncs and this one then run at the same time.</summary>
    private Action<IReadOnlyList<ReadOnlyMemory<byte>>>? Watched(GroupDraft draft)
    {
        if (watcher is null)
        {
            return null;
        }

        var first = end.Position.Next;
        return pieces =>
        {
            tail.Add(first, draft.End.Position, pieces, GroupHeader.Bytes, builder.BodyBytes);
            watcher.Written(draft.End.Position);
        };
    }

    /// <summary>
    /// Waits for work; after a while without any, says on the disk that what stands there is durable, and while the disk is full looks for room.
    /// </summary>
    private async ValueTask IdleAsync()
    {
        var patienceMs = marked ? options.LookForRoomMs : options.MarkAfterIdleMs;
        if (!marked || shortage.Reason is not null)
        {
            quiet.Arm(patienceMs);
        }

        await work.WaitAsync();
        if (!quiet.Rang(patienceMs))
        {
            return;
        }

        if (!marked)
        {
            marked = true;
            await MarkAloneAsync();
        }
        else if (await files.HasRoomAsync(shortage.Bytes, CancellationToken.None))
        {
            shortage.End();
        }

        quiet.Restart();
    }

    private async ValueTask MarkAloneAsync()
    {
        await disk.EnterAsync(CancellationToken.None);
        try
        {
            await files.MarkAsync(end.Position, CancellationToken.None);
        }
        finally
        {
            disk.Leave();
        }
    }

    /// <summary>Stamps the batch under the lock, so that a promise made meanwhile knows which stamps are out.</summary>
    private InFlight Stage(List<Submission> batch, GroupDraft draft, List<(LogPosition Position, Submission Submission)> staged)
    {
        lock (gate)
        {
            foreach (var submission in batch)
            {
                if (submission.Stage(draft) is { } wrong)
                {
                    submission.Refused(wrong);
                }
                else
                {
                    staged.Add((draft.End.Position, submission));
                }
            }

            var group = new InFlight(draft.FirstStamp ?? Timestamp.Max, draft.End.Position, new(TaskCreationOptions.RunContinuationsAsynchronously));
            inFlight = group;
            return group;
        }
    }

    private void Land(GroupDraft draft, List<(LogPosition Position, Submission Submission)> staged)
    {
        lock (gate)
        {
            end = draft.End;
            chain = draft.Fences.Aggregate(chain, (fences, fence) => fences.With(fence));
        }

        ledger.AdvanceDurable(end.Position);
        watcher?.Durable(end.Position);
        foreach (var (position, submission) in staged)
        {
            if (submission.AwaitsCommit)
            {
                ledger.Await(position, submission);
            }
            else
            {
                submission.Complete();
            }
        }

        if (draft.FirstStamp is not null)
        {
            ledger.Await(end.Position, new ReserveNotice(reserve, end.Reservation));
        }

        if (options.CommitsAlone)
        {
            ledger.AdvanceCommitted(end.Position);
        }
    }

    private void Die(Exception fault)
    {
        death.TrySetResult(fault);
        queue.Close(Dead());
        ledger.Die(Dead());
        lock (gate)
        {
            inFlight?.Done.TrySetException(Dead());
        }
    }

    private enum Role
    {
        Following,
        Opening,
        Owning,
    }

    private sealed record InFlight(Timestamp First, LogPosition End, TaskCompletionSource Done);
}
