namespace Elanus.Replication;

/// <summary>
/// A follower whose log does not lead up to the active's front: from the moment it finds that out until a copy of the active's state stands in the place of its
/// own. A member never gets here: nothing is committed, and so no front moves, past what every member holds; one that does has lost records that it had promised,
/// and must not count as the member it was. Nor does the copy make one a member: that is the active's to decide, by what the next life acknowledges.
/// </summary>
internal sealed class CopyNeed(CoreContext core, RecordView record)
{
    private enum Step
    {
        None,
        Judging,
        Fetching,
        Keeping,
        Installed,
    }

    private Step step;
    private NodeId from;
    private Epoch epoch;
    private ulong front;
    private ulong shared;
    private bool forced;
    private bool contradicted;
    private bool seenAsMember;
    private ulong checkpoint;

    /// <summary>Nothing else is tried under this epoch: the active's front never goes back.</summary>
    public bool Exists => step != Step.None;

    /// <summary>The copy takes the place of the log: this life is over.</summary>
    public bool IsInstalled => step == Step.Installed;

    /// <param name="holder">The active.</param>
    /// <param name="lead">What it said of its log.</param>
    /// <param name="sharedWith">The last position known to be shared; null where none is.</param>
    public void Begin(NodeId holder, Lead lead, ulong? sharedWith)
    {
        var chain = lead.Chain!;
        shared = sharedWith ?? 0;
        forced = chain.Fences.Any(fence => fence.Forced && fence.Position.Number > shared);
        contradicted = IsContradicted(chain, lead.Front, sharedWith);
        (from, epoch, front) = (holder, lead.Epoch, lead.Front);
        seenAsMember = false;
        step = Step.Judging;
        record.Read();
    }

    /// <summary>The record as it was read: only one that is no member may take another's state for its own.</summary>
    public void Judge(RoleRecord stands)
    {
        if (step != Step.Judging || stands.Epoch != epoch)
        {
            return;
        }

        // The active may have let go of the fence that a force made; the record has not.
        forced |= stands.LastForced > core.Log.Chain.Last.Number;
        if (contradicted && !forced)
        {
            Stop($"the active of {epoch} begins at {front} with another history than this node's, of which {core.CommitSeen} was committed");
            return;
        }

        if (!stands.Contains(core.Self.Node))
        {
            step = Step.Fetching;
            core.Emit(new NeedsCopy(from, epoch, front));
            return;
        }

        if (!seenAsMember)
        {
            // That answer may be older than the question; the next one is not.
            seenAsMember = true;
            record.Read();
            return;
        }

        core.Log.IsBusy = true;
        core.Emit(new Stopped(
            $"the record counts this node as a member, and its log ends at {core.Log.End}, before {front} where the active's begins: it has lost records that it had acknowledged. "
            + "Keep its data directory for `elanus salvage`, and start with an empty one: it then joins as a new member"));
    }

    public void Fetched(CopyFetched copy)
    {
        if (step != Step.Fetching || copy.Epoch != epoch)
        {
            return;
        }

        if (!forced && core.CommitSeen > copy.End)
        {
            Stop($"the active of {epoch} holds records up to {copy.End}, and {core.CommitSeen} was committed here");
            return;
        }

        step = Step.Keeping;
        checkpoint = copy.Checkpoint;
        if (core.Log.End <= shared && !forced)
        {
            Install();
            return;
        }

        // What is not known to be shared may be nowhere else.
        core.Log.IsBusy = true;
        core.Emit(new Salvage(shared));
    }

    /// <summary>What only this node may hold is kept.</summary>
    public void Kept()
    {
        core.Log.IsBusy = false;
        if (step == Step.Keeping)
        {
            Install();
        }
    }

    /// <summary>Another epoch is followed, or the histories match after all.</summary>
    public void End()
    {
        if (step is not (Step.None or Step.Installed))
        {
            step = Step.None;
            core.Emit(new NeedsNoCopy(Matched: null));
        }
    }

    /// <summary>
    /// True where what was committed here cannot lie in the part that the active has let go of: it reaches past that part, or into an epoch that is newer than
    /// it.
    /// </summary>
    private bool IsContradicted(EpochChain chain, ulong activesFront, ulong? shared) =>
        shared is { } known
            ? core.CommitSeen > known
            : core.CommitSeen > 0 && (core.CommitSeen + 1 >= activesFront || core.Log.Chain.EpochAt(core.CommitSeen).Number > chain.Before.Number);

    private void Install()
    {
        step = Step.Installed;

        // What the log has let go of stands in the checkpoints alone. Without force the active holds all of that: it was committed.
        core.Emit(new InstallCopy(new(core.Highest.Known, checkpoint), KeepsOld: forced && core.Log.Front - 1 > shared));
    }

    private void Stop(string what)
    {
        core.Log.IsBusy = true;
        core.Emit(new Stopped(
            $"{what}: no forced promotion explains that. Nothing is cut. Find out which of the two histories is right; then empty the other node's data directory, or promote this one with --force"));
    }
}
