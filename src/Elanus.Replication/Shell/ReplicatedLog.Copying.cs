namespace Elanus.Replication;

/// <summary>The log's part in copies, its own and those of others (the folder Copying says the rules).</summary>
public sealed partial class ReplicatedLog
{
    private readonly AsyncGate truncating = new();

    // Records are being kept; what was kept is about to be cut, or replaced.
    private volatile bool salvaging;
    private volatile bool keeping;

    private CopyFetching? fetching;
    private Task fetchingEnds = Task.CompletedTask;
    private CancellationTokenSource? fetchingStops;
    private CopyPlan? fetched;

    private void Take(NodeId from, CopyMessage message)
    {
        if (message is CopyAsk or CopyPull)
        {
            serving.Take(from, message);
        }
        else
        {
            Volatile.Read(ref fetching)?.Take(from, message);
        }
    }

    /// <summary>On the core's turn.</summary>
    private void Fetch(NeedsCopy needed)
    {
        EndFetching();
        Tell($"the active's log begins at {needed.Front}, behind what this node holds: it copies the active's state, and follows from there");
        fetchingStops = CancellationTokenSource.CreateLinkedTokenSource(stop.Token);
        fetching = new(needed.From, needed.Epoch, network, target, seams.Random, seams.Time, progress => Publish(now => now with { Copying = progress }), Tell);
        Own(fetchingEnds = Fetch(fetchingEnds, fetching, needed.Epoch, fetchingStops.Token));
    }

    private async Task Fetch(Task before, CopyFetching copy, Epoch epoch, CancellationToken cancel)
    {
        await before;
        try
        {
            var plan = await copy.Run(cancel);
            fetched = plan;
            loop.Post(new CopyFetched(epoch, plan.Checkpoint, plan.End));
        }
        catch (OperationCanceledException) when (cancel.IsCancellationRequested)
        {
            // It is not needed any more, or this node ends: what was gathered serves the next attempt.
        }
    }

    /// <summary>On the core's turn.</summary>
    private void StopFetching(bool forGood)
    {
        keeping = false;
        EndFetching();
        if (forGood)
        {
            Own(fetchingEnds = Discard(fetchingEnds));
        }

        if (State.Copying is not null)
        {
            Publish(now => now with { Copying = null });
        }
    }

    private async Task Discard(Task before)
    {
        await before;
        await target.DiscardAsync(stop.Token);
    }

    private void EndFetching()
    {
        fetchingStops?.Cancel();
        fetchingStops = null;
        Volatile.Write(ref fetching, null);
    }

    private async Task Install(InstallCopy install)
    {
        var keptAs = install.KeepsOld ? $"{SalvageFile.Folder}/before-{install.Kept.Epoch.Number:D8}-{install.Kept.Epoch.Claim}" : null;
        var installed = await target.InstallAsync(fetched!, install.Kept, keptAs, CancellationToken.None);
        if (installed.Succeeded && keptAs is not null)
        {
            Tell($"what this node held is not all in the active's history, which an operator forced; everything is kept in {Path.GetDirectoryName(directory)}/{keptAs}, for `elanus salvage`");
        }

        log.End(installed.Succeeded
            ? new EpochOverException($"the state of the active up to record {fetched!.End} is here: the next start begins with it", needsOperator: false) { StartsAgain = true }
            : new EpochOverException($"the state that was copied cannot be put into effect: {installed.Failure.Sentence}", needsOperator: false));
    }
}
