using System.Collections.Immutable;

namespace Elanus.Replication;

/// <summary>
/// One node's part in the protocol of replicated files (the folder's README states it): an event and the moment it happened go in, effects come out.
/// Pure: no I/O, no waiting, no clock of its own. One thread at a time.
/// </summary>
internal sealed class ReplicaCore
{
    private readonly CoreContext core;
    private readonly RecordView record;
    private readonly Claims claims;
    private readonly Suspicion suspicion;
    private readonly Follower follower;
    private readonly bool wasStandalone;
    private readonly Queue<bool> answers = new();
    private RoleRecord? sealing;
    private ulong sealedAt;
    private bool opening;
    private Leader? leader;
    private bool over;
    private bool callsHeld;
    private bool asking;
    private NodeId told;
    private Epoch toldEpoch;
    private ImmutableArray<Member> toldSet = [];

    /// <param name="self">This node and where others reach it.</param>
    /// <param name="options">The bounds.</param>
    /// <param name="rules">All on, but in tests.</param>
    /// <param name="random">Nonces and claim ids.</param>
    /// <param name="promise">What was kept in the last life.</param>
    /// <param name="log">The log as it was found.</param>
    /// <param name="applied">What a checkpoint holds already: it was committed.</param>
    public ReplicaCore(Member self, ReplicaOptions options, ProtocolRules rules, IRandomSource random, EpochPromise promise, LogView log, ulong applied)
    {
        core = new(self, options, rules, random, HighestEpoch.Remembered(promise, log, rules), log, Math.Max(promise.CommitSeen, applied));
        wasStandalone = promise.Epoch == Epoch.None && log.End > 0;
        record = new(core);
        claims = new(core, record);
        suspicion = new(core);
        follower = new(core, record, suspicion);
    }

    /// <summary>What follows from an event.</summary>
    public IReadOnlyList<Effect> Handle(CoreEvent what, long nowMs)
    {
        Invariant.Holds(nowMs >= core.Now, $"time went back from {core.Now} to {nowMs}");
        core.Now = nowMs;
        if (!over)
        {
            Take(what);
            if (!over && leader is null && record.Stored is { } stored && suspicion.HasEnded(stored.Record))
            {
                Suspect(ClaimCause.ProcessEnded);
            }
        }

        return core.Take();
    }

    private void Take(CoreEvent what)
    {
        switch (what)
        {
            case Started:
                if (core.Rules.WholePrefixIsSynced)
                {
                    Sync();
                }
                else
                {
                    core.Log.Synced(core.Log.End, answersAppend: false);
                }

                record.Read();
                break;
            case Tick tick:
                core.Applied = tick.Applied;
                Ticked();
                break;
            case Received received:
                Take(received.From, received.Message);
                break;
            case RecordRead read:
                Take(read);
                break;
            case RecordHint:
                record.Read();
                break;
            case ChangeEnded ended:
                if (claims.Settle(ended) is { } claimed)
                {
                    Seal(claimed);
                }
                else
                {
                    leader?.Take(ended);
                }

                break;
            case ConfirmEnded confirmed:
                leader?.Take(confirmed);
                break;
            case ReadRequested asked:
                leader?.Read(asked.Ticket);
                break;
            case PeerLost lost:
                leader?.Lost(lost.Node);
                if (leader is null && record.Stored is { } stored && stored.Record.Holder == lost.Node)
                {
                    Suspect(ClaimCause.ConnectionRefused);
                }

                break;
            case ProcessEnded ended:
                suspicion.Ended(ended.Epoch);
                break;
            case CallsHeld held:
                callsHeld = held.Any;
                break;
            case AliveRead alive:
                Take(alive);
                break;
            case ForceRequested:
                Force();
                break;
            case HandOverRequested handOver:
                if (leader is null)
                {
                    core.Refuse("this node is not active: it has nothing to hand over");
                }

                leader?.Begin(handOver);
                break;
            case RemovalRequested removal:
                leader?.Remove(removal);
                break;
            case AdmissionRequested admission:
                leader?.Admit(admission.Node);
                break;
            default:
                OfTheLog(what);
                break;
        }
    }

    private void OfTheLog(CoreEvent what)
    {
        switch (what)
        {
            case LogAppended appended:
                core.Log.Grew(appended.End);
                break;
            case LogDurable durable:
                core.Log.Synced(durable.End, answers.TryDequeue(out var append) && append);
                Moved();
                break;
            case LogRefused refused:
                answers.TryDequeue(out _);
                core.Log.Refused();
                follower.Refused();
                core.Say(refused.Sentence);
                Open();
                break;
            case Promised promised:
                core.Highest.Keeps(promised.Epoch);
                Moved();
                break;
            case Salvaged:
                follower.Salvaged();
                over |= follower.IsReplaced;
                Open();
                break;
            case WasCut cut:
                follower.WasCut(cut.End);
                // A claim may have been won meanwhile: it waited for the cut.
                Open();
                break;
            case FrontMoved moved:
                core.Log.Truncated(moved.Front);
                break;
            case CopyFetched fetched:
                follower.Fetched(fetched);
                over |= follower.IsReplaced;
                break;
            case EpochOpened opened:
                core.Log.Opened(opened.Fence);
                if (core.Rules.PromiseOnClaim)
                {
                    core.Highest.Keeps(opened.Fence.Epoch);
                    Promise(opened.Fence.Epoch);
                }

                leader = new(core, record, sealing!, opened.Fence);
                leader.Moved();
                break;
            default:
                throw new InvalidOperationException($"{what.GetType().Name} is not known");
        }
    }

    private void Take(NodeId from, PeerMessage message)
    {
        if (message is Refuse refuse)
        {
            if (core.Highest.Known.Number < refuse.Epoch.Number)
            {
                Outrun(refuse.Epoch);
                record.Read();
            }

            return;
        }

        if (message is Ack ack && leader is not null)
        {
            leader.Take(from, ack);
            return;
        }

        if (message is Follow follow)
        {
            if (core.Highest.Known.Number < follow.Epoch.Number)
            {
                Outrun(follow.Epoch);
                record.Read();
            }

            leader?.Take(from, follow);
            return;
        }

        if (message is Ack || core.Highest.Refuses(message.Epoch))
        {
            if (message is not Ack)
            {
                core.Emit(new Send(from, new Refuse(core.Highest.Known)));
            }

            return;
        }

        if (message is TakeOver)
        {
            if (leader is null && sealing is null && follower.IsMatched)
            {
                claims.Try(ClaimCause.HandedOver);
            }

            return;
        }

        See(message.Epoch, from);
        if (over || leader is not null || (sealing is not null && core.Rules.PromiseOnClaim))
        {
            return;
        }

        follower.Turn(message.Epoch, from);
        switch (message)
        {
            case Lead lead:
                follower.Take(lead);
                break;
            case Records records:
                if (core.Highest.IsKept(records.Epoch))
                {
                    Append(() => follower.Take(records));
                }

                break;
        }
    }

    private void Take(RecordRead read)
    {
        if (!record.Take(read))
        {
            return;
        }

        if (record.Stored is not { } stored)
        {
            // Nobody has formed the cluster yet.
            claims.Try(ClaimCause.Formed);
            return;
        }

        if (claims.Settle(stored) is { } claimed)
        {
            Seal(claimed);
            return;
        }

        if (leader is not null && stored.Record.Epoch == sealing!.Epoch)
        {
            leader.Take(stored);
            return;
        }

        if (sealing is not null && stored.Record.Epoch == sealing.Epoch)
        {
            return;
        }

        if (wasStandalone && leader is null && !stored.Record.Contains(core.Self.Node))
        {
            core.Emit(new Stopped(
                $"the data directory was a standalone's, and the cluster exists already, with {stored.Record.InSync.Length} members: such a directory may form a cluster, never join one. Start with an empty directory"));
            over = true;
            return;
        }

        See(stored.Record.Epoch, stored.Record.Holder);
        if (over)
        {
            // Calls that wait here go to the next active at once, without asking the arbiter again.
            Tell(stored.Record);
            return;
        }

        core.Emit(new MembersKnown(stored.Record.InSync));
        Tell(stored.Record);
        follower.Turn(stored.Record.Epoch, stored.Record.Holder);
        follower.Judge(stored.Record);
        if (stored.Record.Holder == core.Self.Node && !core.Rules.EpochEndsWithItsProcess)
        {
            Resume(stored.Record);
        }
        else if (stored.Record.Holder == core.Self.Node)
        {
            // An earlier life of this node held it; this one claims anew.
            claims.Try(ClaimCause.Restarted);
        }
    }

    private void Take(AliveRead alive)
    {
        asking = false;
        if (leader is not null || sealing is not null || record.Stored is not { } stored || !suspicion.IsSilent)
        {
            return;
        }

        if (alive.Answered && !callsHeld && alive.Note is { } note && note.Epoch == stored.Record.Epoch && note.Progress > suspicion.Progress)
        {
            // The arbiter heard more of it than this node did: the way between the two is at fault.
            suspicion.Drop(note.Progress);
            return;
        }

        // After a stall of the arbiter itself every hint has expired: one renewal period first.
        if (!alive.Answered || core.Now - record.LastSilentAt < core.Options.AliveEveryMs)
        {
            return;
        }

        Suspect(ClaimCause.Silent);
    }

    private void Ticked()
    {
        suspicion.Tick();
        if (leader is not null)
        {
            leader.Tick();
            return;
        }

        record.ReadIfOlder(claims.AwaitsRecord || record.Stored is null ? core.Options.RetryMs : core.Options.RecordReadMs);
        if (sealing is not null)
        {
            return;
        }

        follower.Tick();
        if (record.Stored is { } stored && stored.Record.Contains(core.Self.Node))
        {
            if (stored.Record.Holder == core.Self.Node && core.Rules.EpochEndsWithItsProcess)
            {
                claims.Try(ClaimCause.Restarted);
            }
            else if (suspicion.IsSilent && !asking)
            {
                asking = true;
                core.Emit(new ReadAlive());
            }
        }
    }

    /// <summary>A higher epoch exists: the own one, if there is one, is over.</summary>
    private void See(Epoch epoch, NodeId holder)
    {
        if (core.Highest.Known == epoch)
        {
            return;
        }

        if (Outrun(epoch))
        {
            return;
        }

        if (core.Highest.Raise(epoch))
        {
            Promise(epoch);
            follower.Turn(epoch, holder);
        }
    }

    /// <summary>True where this life is over because of it.</summary>
    private bool Outrun(Epoch epoch)
    {
        if (sealing is null || epoch.Number <= sealing.Epoch.Number)
        {
            return over;
        }

        if (leader is null && !opening)
        {
            sealing = null;
            return false;
        }

        over = true;
        core.Emit(new Ended($"the epoch {sealing.Epoch} is over: {epoch} has been claimed"));
        return true;
    }

    private void Suspect(ClaimCause cause)
    {
        if (sealing is null && !core.Log.IsBusy)
        {
            claims.Try(cause);
        }
    }

    private void Force()
    {
        if (leader is not null || sealing is not null)
        {
            core.Refuse("this node is active, or about to be: there is nothing to force");
        }
        else if (record.Stored is null || core.Now - record.LastSilentAt < core.Options.RecordReadMs)
        {
            core.Refuse("the arbiter does not answer: nobody can be forced to become active without it");
        }
        else if (record.HasForgotten)
        {
            core.Refuse("the arbiter knows less than this node has seen: it has lost its memory, and nobody becomes active until an operator restores its data");
        }
        else if (suspicion.Speaks || !suspicion.IsSilent)
        {
            core.Refuse("the active still answers: use a switchover, or stop it first where it hangs");
        }
        else
        {
            claims.Try(ClaimCause.Forced);
        }
    }

    /// <summary>
    /// The claim took effect: nothing of an older epoch from here on, and the own length is the end of what was. The fence itself makes that durable: before it is,
    /// nobody hears of that end, and a process that stops then has sealed nothing. What else a promise keeps is written behind it; no client waits for that.
    /// </summary>
    private void Seal(RoleRecord claimed)
    {
        if (core.Highest.Refuses(claimed.Epoch) || leader is not null || sealing is not null)
        {
            return;
        }

        sealing = claimed;
        sealedAt = core.Log.End;
        follower.Abandon();
        record.Read();
        if (core.Rules.PromiseOnClaim)
        {
            core.Highest.Raise(claimed.Epoch);
            if (!core.Highest.KeepsAny)
            {
                // What was ever promised says to the next life that this directory belongs to a cluster.
                Promise(claimed.Epoch);
            }
        }

        Tell(claimed, claims.Cause);
        Open();
    }

    private void Open()
    {
        if (sealing is null || opening || core.Log.IsBusy || (core.Rules.PromiseOnClaim && !core.Highest.KeepsAny))
        {
            return;
        }

        if (!core.Log.IsSettled)
        {
            if (answers.Count == 0)
            {
                Sync();
            }

            return;
        }

        if (!core.Rules.PromiseOnClaim && core.Log.End > sealedAt)
        {
            core.Log.Cut(sealedAt);
        }

        opening = true;
        core.Log.IsBusy = true;
        core.Emit(new OpenEpoch(sealing.Epoch, sealing.Forced, core.Log.End, claims.Cause));
    }

    private void Moved()
    {
        if (leader is not null)
        {
            leader.Moved();
        }
        else if (sealing is not null)
        {
            if (!core.Rules.PromiseOnClaim)
            {
                follower.Moved();
            }

            Open();
        }
        else
        {
            follower.Moved();
        }
    }

    private void Promise(Epoch epoch)
    {
        if (core.Rules.PromiseIsDurable)
        {
            core.Emit(new Promise(epoch, core.CommitSeen));
        }
        else
        {
            core.Highest.Keeps(epoch);
        }
    }

    /// <summary>The weakened rule: a process goes on in the epoch of an earlier one.</summary>
    private void Resume(RoleRecord own)
    {
        if (core.Log.IsSettled && core.Log.Chain.Last == own.Epoch && core.Highest.IsKept(own.Epoch))
        {
            sealing = own;
            leader = new(core, record, own, core.Log.Chain.Fences[^1]);
            leader.Moved();
        }
    }

    private void Sync()
    {
        answers.Enqueue(false);
        core.Emit(new SyncLog());
    }

    /// <summary>Runs a step that may ask the log to take records, and notes that an answer is due for it.</summary>
    private void Append(Action step)
    {
        var before = core.Log.End;
        step();
        if (core.Log.End > before)
        {
            answers.Enqueue(true);
        }
    }

    private void Tell(RoleRecord record, ClaimCause cause = ClaimCause.Unknown)
    {
        if (toldEpoch != record.Epoch || told != record.Holder)
        {
            toldEpoch = record.Epoch;
            told = record.Holder;
            if (record.InSync.FirstOrDefault(member => member.Node == record.Holder) is { } holder)
            {
                core.Emit(new Follows(holder, record.Epoch, cause));
            }
        }

        if (!toldSet.SequenceEqual(record.InSync))
        {
            toldSet = record.InSync;
            core.Emit(new SetChanged(record.InSync, record.InSync.Length > core.Options.MinInSync));
        }
    }
}
