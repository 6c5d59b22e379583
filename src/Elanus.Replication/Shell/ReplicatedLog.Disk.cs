namespace Elanus.Replication;

/// <summary>What the core asks of the log's files, and of those beside it.</summary>
public sealed partial class ReplicatedLog
{
    private void OnDisk(Effect effect)
    {
        switch (effect)
        {
            case AdvanceCommit advance:
                log.AdvanceCommitted(new(Channel, advance.Position));
                slow.Committed(advance.Position);
                break;
            case SyncLog:
                Own(appends = Synced(appends));
                break;
            case AppendRecords append:
                Read(append.Items);
                Own(appends = Then(appends, log.AppendVerbatimAsync(append.Items, CancellationToken.None).AsTask()));
                break;
            case Promise kept:
                Own(Keep(new(kept.Epoch, kept.CommitSeen)));
                break;
            case Salvage salvage:
                Own(KeepTail(new(Channel, salvage.After)));
                break;
            case KeepsNothing:
                keeping = false;
                break;
            case InstallCopy install:
                Own(Install(install));
                break;
            case CutLog cut:
                Own(Cut(new(Channel, cut.Last)));
                break;
            case OpenEpoch open:
                lock (gate)
                {
                    claimed = open.Epoch;
                }

                Own(Opened(opening = log.OpenAsync(open.Epoch, open.Forced, new ClaimNote(self.Node, open.Cause), CancellationToken.None).AsTask()));
                break;
            default:
                throw new InvalidOperationException($"{effect.GetType().Name} is not known");
        }
    }

    /// <summary>Answers of the log come in the order of what was asked, each when it is durable.</summary>
    private async Task Then(Task before, Task<Result<LogPosition>> step)
    {
        await before;
        var done = await step;
        loop.Post(done.Succeeded ? new LogDurable(done.Value.Number) : new LogRefused(done.Failure.Sentence));
    }

    /// <summary>What was found at the start is durable, and what was taken since is when it is answered: nothing is left to sync behind that.</summary>
    private async Task Synced(Task before)
    {
        await before;
        loop.Post(new LogDurable(log.Durable.Number));
    }

    /// <summary>A follower asked for it; where it cannot be done its read is passed on. What is too far ahead is refused.</summary>
    private async Task Reserve(Timestamp moment)
    {
        if (activated.Task.IsCompleted)
        {
            // Behind the end of this node's loop nothing commits any more, and only the log's own end would end it.
            _ = await log.PromiseAsync(moment, stop.Token).AsTask().Until(stop.Token);
        }
    }

    /// <summary>
    /// Where the disk has no room for it, this waits until there is: nothing is acknowledged meanwhile under another's epoch, and under the own one its fence stands for it, so
    /// that reads go on.
    /// </summary>
    private async Task Keep(EpochPromise kept)
    {
        await promises.KeepAsync(kept, why => Tell($"the promise to follow {kept.Epoch} cannot be kept for now: {why}"), stop.Token);
        if (State.Epoch == kept.Epoch && State.Active?.Node == self.Node)
        {
            Takeover.Mark("promised");
        }

        loop.Post(new Promised(kept.Epoch));
    }

    private async Task KeepTail(LogPosition after)
    {
        // From here on the front stands still, and the core knows where, before it hears that all is kept.
        await truncating.EnterAsync(CancellationToken.None);
        (salvaging, keeping) = (true, true);
        loop.Post(new FrontMoved(log.Front.Number));
        truncating.Leave();
        after = new(Channel, Math.Max(after.Number, log.Front.Number - 1));
        if (after >= log.Durable)
        {
            Kept();
            return;
        }

        // Nothing is taken or acknowledged meanwhile; the cut behind it gives room back.
        var kept = await DiskFull.UntilRoom<string>(
            async () => await SalvageFile.Write(seams.Files, $"{Path.GetDirectoryName(directory)}/{SalvageFile.Folder}", log, after, CancellationToken.None),
            why => Tell($"records behind {after} must be kept before they are cut, and cannot be for now: {why}"),
            seams.Time,
            stop.Token);
        if (kept.Succeeded)
        {
            Tell($"records behind {after} are not known to be part of the active's history; they are kept in {kept.Value}");
            Kept();
        }
        else
        {
            log.End(new EpochOverException($"records behind {after} must be kept before they are cut, and cannot be: {kept.Failure}", needsOperator: true));
        }
    }

    private void Kept()
    {
        salvaging = false;
        loop.Post(new Salvaged());
    }

    private async Task Cut(LogPosition last)
    {
        if (last < log.Committed)
        {
            // Only across a forced epoch: what was shown is taken back, so everything built from it goes with this process.
            var over = new EpochOverException($"an operator forced the active, whose log lacks what was shown here behind {last}: the next start begins without it", needsOperator: false) { StartsAgain = true };
            if (!(await log.CutAtNextStartAsync(last, over, CancellationToken.None)).TryGet(out _, out var failure))
            {
                log.End(new IOException($"the log cannot be cut to {last}: {failure}"));
            }

            return;
        }

        var done = await log.CutAsync(last, CancellationToken.None);
        if (done.Succeeded)
        {
            keeping = false;
            loop.Post(new WasCut(last.Number));
        }
        else
        {
            log.End(new IOException($"the log cannot be cut to {last}: {done.Failure}"));
        }
    }

    /// <summary>An epoch that cannot be opened, for want of room say, is over: whoever has room may claim the next.</summary>
    private async Task Opened(Task<Result<OpenedEpoch>> step)
    {
        // The fence of a log that closes meanwhile is committed by nobody any more.
        if (!(await step.Until(stop.Token)).TryGet(out _, out var failure))
        {
            log.End(new EpochOverException($"the epoch could not be opened: {failure}", needsOperator: false));
        }
    }
}
