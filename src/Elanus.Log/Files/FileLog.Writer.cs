using Elanus.Primitives;

namespace Elanus.Log;

/// <summary>The loop that writes: the only one that adds to the files.</summary>
public sealed partial class FileLog
{
    /// <summary>Groups that the file system took and that did not land, oldest first. The loop alone uses this, and the two below.</summary>
    private readonly Queue<OnItsWay> onTheWay = new();
    private HistoryEnd laidOut;
    private bool atDisk;

    /// <summary>Who waits to do something else with the files.</summary>
    private int outsiders;

    private async Task RunAsync()
    {
        var batch = new List<Submission>();
        try
        {
            while (true)
            {
                batch.Clear();
                if (onTheWay.TryPeek(out var oldest) && (oldest.Durable.IsCompleted || !MayGoBeside()))
                {
                    await LandOldestAsync();
                    LeaveWhenLanded();

                    // Whoever was just answered often writes again at once: let in first, they share the next fsync instead of waiting for one that the quickest of them began.
                    await Task.Yield();
                }
                else if (queue.TryTake(batch, oldest is null ? 0 : options.GroupBytesBeside))
                {
                    await WriteNextAsync(batch);
                }
                else if (oldest is not null)
                {
                    await work.WaitAsync();
                }
                else if (queue.IsClosed)
                {
                    await MarkAloneAsync(isLast: true);
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
            foreach (var submission in onTheWay.SelectMany(group => group.Staged.Select(entry => entry.Submission)).Concat(batch))
            {
                submission.Died(Dead());
            }

            await AbandonAsync();

            while (queue.TryTake(batch))
            {
                batch.ForEach(submission => submission.Died(Dead()));
                batch.Clear();
            }
        }
    }

    private bool MayGoBeside() =>
        onTheWay.Count < options.GroupsAtOnceMax && files.TakesGroupsBeside && Volatile.Read(ref outsiders) == 0 && !death.Task.IsCompleted;

    private async ValueTask WriteNextAsync(List<Submission> batch)
    {
        if (!atDisk)
        {
            await disk.EnterAsync(CancellationToken.None);
            atDisk = true;
        }

        if (death.Task.IsCompleted)
        {
            throw Dead();
        }

        await WriteAsync(batch);
        LeaveWhenLanded();
    }

    private async ValueTask WriteAsync(List<Submission> batch)
    {
        builder.Clear();
        var before = laidOut.Position;
        var draft = new GroupDraft(laidOut, builder, clock, options.ReservationMs, FormatBehind, options.NewestFormat);
        var staged = new List<(LogPosition Position, Submission Submission)>(batch.Count);
        var group = Stage(batch, draft, staged);
        var bytes = builder.Count == 0 ? 0 : builder.SpaceBytes;
        var synced = Task.CompletedTask;
        if (bytes > 0)
        {
            while (onTheWay.Count > 0 && !files.HasPlace(bytes))
            {
                await LandOldestAsync();
            }

            var beside = watcher is not null || (bytes >= options.GroupBytesBeside && files.TakesGroupsBeside);
            var written = await files.WriteAsync(builder, draft.Fences.Count > 0, laidOut, beside, CancellationToken.None);
            if (!written.TryGet(out synced!, out var refused))
            {
                shortage.Refused(refused, bytes, staged.Count);
                staged.ForEach(entry => entry.Submission.Refused(refused));
                Done(group);
                return;
            }

            laidOut = draft.End;
            Handed(before.Next);
        }

        onTheWay.Enqueue(new(before, draft, staged, group, bytes, synced, synced.IsCompletedSuccessfully ? synced : SignalAfterAsync(synced)));
    }

    /// <summary>Waits until the oldest group on its way is durable; only then is anything of it answered, and of none before those before it.</summary>
    private async ValueTask LandOldestAsync()
    {
        var group = onTheWay.Peek();
        await group.Durable;
        await group.Signalled;
        onTheWay.Dequeue();
        Invariant.Holds(group.Before == end.Position, $"records behind {group.Before} land where the log is durable up to {end.Position}");
        if (group.Bytes > 0)
        {
            files.Landed();
        }

        Land(group.Draft, group.Staged);
        shortage.FoundRoom(group.Bytes);
        Done(group.InFlight);
    }

    private void LeaveWhenLanded()
    {
        if (atDisk && onTheWay.Count == 0)
        {
            atDisk = false;
            disk.Leave();
            marked = false;
            quiet.Restart();
        }
    }

    private void Done(InFlight group)
    {
        lock (gate)
        {
            inFlight.Remove(group);
        }

        group.Done.TrySetResult();
    }

    /// <summary>Wakes the loop when the sync has ended, well or not.</summary>
    private async Task SignalAfterAsync(Task synced)
    {
        try
        {
            await synced;
        }
        catch (Exception)
        {
            // Whoever lands the group meets it there.
        }

        work.Set();
    }

    /// <summary>The log died: what is on its way is waited for, so that nobody closes files under it, and never lands.</summary>
    private async Task AbandonAsync()
    {
        foreach (var group in onTheWay)
        {
            await group.Signalled;
            // The first fault is the log's death; a second one has nothing to add.
            _ = group.Durable.Exception;
        }

        onTheWay.Clear();
        LeaveWhenLanded();
    }

    /// <summary>Hands the group that was just written to whoever sends it on, as soon as the file system has taken it: their fsyncs and this one then run at the same time.</summary>
    private void Handed(LogPosition first)
    {
        if (watcher is not null)
        {
            tail.Add(first, laidOut.Position, builder.Pieces, GroupHeader.Bytes, builder.BodyBytes, end.Position);
            watcher.Written(laidOut.Position);
        }
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
            await MarkAloneAsync(isLast: false);
        }
        else if (await files.HasRoomAsync(shortage.Bytes, CancellationToken.None))
        {
            shortage.End();
        }

        quiet.Restart();
    }

    private async ValueTask MarkAloneAsync(bool isLast)
    {
        await disk.EnterAsync(CancellationToken.None);
        try
        {
            await files.MarkAsync(end.Position, CancellationToken.None);
            if (isLast)
            {
                await files.SyncAsync(CancellationToken.None);
            }
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
            inFlight.Add(group);
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
            inFlight.ForEach(group => group.Done.TrySetException(Dead()));
        }
    }

    private enum Role
    {
        Following,
        Opening,
        Owning,
    }

    /// <summary>A group that the file system took. <paramref name="Before"/> is the position that it follows, <paramref name="Bytes"/> is 0 where there was nothing to write.</summary>
    private sealed record OnItsWay(
        LogPosition Before, GroupDraft Draft, List<(LogPosition Position, Submission Submission)> Staged, InFlight InFlight, long Bytes, Task Durable, Task Signalled);

    private sealed record InFlight(Timestamp First, LogPosition End, TaskCompletionSource Done);
}
