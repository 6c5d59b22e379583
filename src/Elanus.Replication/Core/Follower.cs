namespace Elanus.Replication;

/// <summary>
/// Follows the holder of the highest epoch: matches the own history with the active's along the chain of fences, keeps and cuts what differs,
/// takes records, and acknowledges what is wholly durable.
/// </summary>
internal sealed class Follower(CoreContext core, RecordView record, Suspicion suspicion)
{
    private readonly CopyNeed copy = new(core, record);
    private NodeId holder;
    private Epoch followed;
    private Lead? waiting;
    private ulong offered;
    private Cut? cut;
    private ulong? promised;
    private bool matched;
    private long? gapAskedAt;
    private ulong round;
    private long lastFollow = long.MinValue / 2;

    public bool IsMatched => matched;

    /// <summary>A copy of the active's state takes the place of this node's: this life is over.</summary>
    public bool IsReplaced => copy.IsInstalled;

    /// <summary>Begins to follow an epoch; what was matched with another one counts no longer.</summary>
    public void Turn(Epoch epoch, NodeId itsHolder)
    {
        if (followed == epoch)
        {
            return;
        }

        followed = epoch;
        holder = itsHolder;
        matched = false;
        waiting = null;
        offered = 0;
        round = 0;
        gapAskedAt = null;
        promised = null;
        Abandon();
        suspicion.Restart();
    }

    /// <summary>This node claims, or follows another epoch: it goes on with what it holds. What it has begun to cut, it cuts.</summary>
    public void Abandon()
    {
        cut = null;
        copy.End();
    }

    public void Judge(RoleRecord stands) => copy.Judge(stands);

    public void Fetched(CopyFetched fetched) => copy.Fetched(fetched);

    public void Tick()
    {
        if (!matched && holder != default && holder != core.Self.Node && core.Now - lastFollow >= core.Options.HeartbeatMs)
        {
            lastFollow = core.Now;
            core.Emit(new Send(holder, new Follow(core.Highest.Known, core.Self)));
        }
    }

    public void Take(Lead lead)
    {
        suspicion.Heard(lead.Progress, lead.Commit);
        if (matched && lead.Front > core.Log.End + 1)
        {
            // The active has cut away what comes next: it must be asked again what there is.
            matched = false;
        }

        if (matched)
        {
            round = Math.Max(round, lead.Round);
            Offer(lead.Commit);
            Acknowledge(gap: false);
            return;
        }

        if (!core.Rules.CommitOnlyWhatIsMatched)
        {
            Offer(lead.Commit);
        }

        if (lead.Chain is not null)
        {
            waiting = lead;
            TryMatch();
        }
    }

    public void Take(Records records)
    {
        if (!matched || !core.Log.TakesRecords)
        {
            return;
        }

        var first = records.Items[0].Position.Number;
        var last = records.Items[^1].Position.Number;
        if (first > core.Log.End + 1)
        {
            if (gapAskedAt is not { } at || core.Now - at >= core.Options.RetryMs)
            {
                // Asked again where nothing came of it: the question may have been lost, and the active believes that what it sent has arrived.
                gapAskedAt = core.Now;
                Acknowledge(gap: true);
            }

            return;
        }

        Offer(records.Commit);
        if (last <= core.Log.End)
        {
            return;
        }

        gapAskedAt = null;
        var fresh = first == core.Log.End + 1 ? records.Items : [.. records.Items.Skip((int)(core.Log.End + 1 - first))];
        core.Log.Took(fresh);
        core.Emit(new AppendRecords(fresh));
        if (!core.Rules.DurableBeforeAcknowledged)
        {
            core.Emit(new Send(holder, new Ack(followed, core.Log.End, core.Log.End, round, false)));
        }
    }

    /// <summary>The own log moved: more is durable, a promise is kept, records were kept or cut.</summary>
    public void Moved()
    {
        if (matched)
        {
            Offer(offered);
            Acknowledge(gap: false);
        }
        else
        {
            TryMatch();
        }
    }

    /// <summary>Records could not be taken, for want of room: they are asked for again later.</summary>
    public void Refused() => gapAskedAt = null;

    /// <summary>What is to be cut, or to be replaced by a copy, is kept. The log's front stands still since that began.</summary>
    public void Salvaged()
    {
        if (cut is not { } due)
        {
            copy.Kept();
            if (!copy.IsInstalled)
            {
                core.Emit(new KeepsNothing());
            }

            if (!copy.Exists)
            {
                Moved();
            }
        }
        else if (IsBeforeFront(due.To))
        {
            // The front moved between the decision and this.
            cut = null;
            core.Log.IsBusy = false;
            core.Emit(new KeepsNothing());
            copy.Begin(holder, due.Lead, due.To);
        }
        else
        {
            // Not before: what is given up until here leaves everything as it was.
            core.ForgetSeenBehind(due.To);
            core.Emit(new CutLog(due.To));
        }
    }

    public void WasCut(ulong end)
    {
        cut = null;
        core.Log.Cut(end);
        Moved();
    }

    private void TryMatch()
    {
        if (waiting is not { Chain: { } chain } lead || copy.Exists || !core.Highest.IsKept(lead.Epoch))
        {
            return;
        }

        if (!core.Log.IsSettled)
        {
            // What is on its way to the disk, and the own old tail, first.
            return;
        }

        var shared = Shared(chain);
        waiting = null;
        if (shared is null || shared.Value + 1 < lead.Front)
        {
            copy.Begin(holder, lead, shared);
            return;
        }

        if (shared.Value < core.CommitSeen && !chain.Fences.Any(fence => fence.Forced && fence.Position.Number > shared.Value))
        {
            core.Log.IsBusy = true;
            core.Emit(new Stopped(
                $"the active of {lead.Epoch} shares this node's history only up to {shared.Value}, and {core.CommitSeen} was committed here: no forced promotion explains that. "
                + "Nothing is cut. Find out which of the two histories is right; then empty the other node's data directory, or promote this one with --force"));
            return;
        }

        if (IsBeforeFront(shared.Value))
        {
            copy.Begin(holder, lead, shared);
            return;
        }

        if (shared.Value < core.CommitSeen && promised != shared)
        {
            // Kept beside the promise as well, and before the cut: once the forced fence is shared, or the records are gone, it explains nothing to the next life.
            promised = shared;
            core.Emit(new Promise(core.Highest.Known, shared.Value));
            if (core.Rules.CutBehindItsPromise)
            {
                core.Highest.Outdates();
                waiting = lead;
                return;
            }
        }

        if (core.Log.End > shared.Value)
        {
            core.Log.IsBusy = true;
            cut = new(shared.Value, lead);
            core.Emit(new Salvage(shared.Value));
            return;
        }

        matched = true;
        core.Emit(new NeedsNoCopy(followed));
        Offer(lead.Commit);
        Acknowledge(gap: true);
    }

    /// <summary>Whether the records are gone from which the state at a cut could be made again.</summary>
    private bool IsBeforeFront(ulong end) => core.Log.Front > 1 && end < Math.Max(core.CommitSeen, core.Log.Front - 1);

    /// <summary>The last position that both histories have; null where they share nothing that both still know.</summary>
    private ulong? Shared(EpochChain chain)
    {
        if (!core.Rules.CutAlongTheChain)
        {
            var newest = chain.Fences[^1];
            return Math.Min(core.Log.End, newest.PredecessorEnd);
        }

        return EpochChain.LastShared(core.Log.Chain, core.Log.End, chain, ulong.MaxValue);
    }

    private void Offer(ulong commit)
    {
        offered = Math.Max(offered, commit);
        var upTo = Math.Min(offered, core.Log.Durable);
        if ((matched || !core.Rules.CommitOnlyWhatIsMatched) && upTo > core.CommitSeen)
        {
            core.SawCommit(upTo);
        }
    }

    private void Acknowledge(bool gap)
    {
        if (core.Highest.IsKept(followed))
        {
            core.Emit(new Send(holder, new Ack(followed, core.Log.End, core.Log.Durable, round, gap)));
        }
    }

    /// <summary>Decided on, and what is behind it is being kept: where the log is to end, and what the active said of its own.</summary>
    private sealed record Cut(ulong To, Lead Lead);
}
