using System.Collections.Immutable;

namespace Elanus.Replication;

/// <summary>
/// The holder of an epoch whose fence is durable here. Commits what is durable on every member that may stand in the record, and nothing before the
/// own fence is; lets members in and out; confirms Strong reads.
/// </summary>
internal sealed class Leader
{
    private readonly CoreContext core;
    private readonly RecordView view;
    private readonly Fence fence;
    private readonly SetChanges set;
    private readonly StrongReads reads;
    private readonly SoloConfirmation solo;
    private readonly HandOver handOver;
    private readonly Dictionary<NodeId, PeerProgress> peers = [];
    private readonly List<long> early = [];
    private readonly List<NodeId> others = [];
    private bool alone;
    private readonly List<PeerProgress> required = [];
    private ulong confirmedAlone;
    private ulong confirmedRound;
    private ulong commit;
    private long lastBeat = long.MinValue / 2;
    private long lastAlive = long.MinValue / 2;
    private long progress;
    private ulong applied;
    private long appliedAt;
    private ulong durableAtBeat;
    private bool active;

    public Leader(CoreContext core, RecordView view, RoleRecord claimed, Fence fence)
    {
        this.core = core;
        this.view = view;
        this.fence = fence;
        set = new(core, view, claimed);
        reads = new(core);
        solo = new(core, view);
        appliedAt = core.Now;
        handOver = new(core);
        foreach (var member in claimed.InSync.Where(member => member.Node != core.Self.Node))
        {
            peers.Add(member.Node, new(member, core.Now));
        }

        if (view.Stored is { } stored && stored.Record.Epoch == fence.Epoch)
        {
            set.Take(stored);
        }
        else
        {
            view.Read();
        }

        if (!core.Rules.NothingShownBeforeFence && fence.PredecessorEnd > core.CommitSeen)
        {
            core.SawCommit(fence.PredecessorEnd);
        }

        core.Emit(new MembersKnown([.. peers.Values.Select(peer => peer.Member)]));
        Beat();
    }

    private bool HasEnough => set.Record.InSync.Length > core.Options.MinInSync;

    public void Tick()
    {
        if (core.Applied > applied || core.Applied >= commit)
        {
            (applied, appliedAt) = (core.Applied, core.Now);
        }

        if (core.Now - lastBeat >= core.Options.HeartbeatMs)
        {
            Beat();
        }

        if (core.Now - lastAlive >= core.Options.AliveEveryMs)
        {
            lastAlive = core.Now;
            core.Emit(new Announce(new(fence.Epoch, core.Self.Node, progress)));
        }

        if (set.Version is null || set.AnyOpen)
        {
            view.ReadIfOlder(core.Options.RetryMs);
        }

        view.ReadIfOlder(core.Options.RecordReadMs);
        set.Retry();
        foreach (var peer in peers.Values.ToList())
        {
            if (peer.IsStuck(core.Log.End, core.Options.RetryMs, core.Now))
            {
                core.Emit(new StreamFrom(peer.Member.Node, peer.Received));
            }

            Leave(peer);
            Join(peer);
        }

        handOver.Tick(peers.Values, commit);
        Advance();
    }

    public void Take(NodeId from, Ack ack)
    {
        if (core.Rules.AcknowledgedUnderOwnEpoch && ack.Epoch != fence.Epoch)
        {
            if (!core.Rules.ReadsConfirmedUnderOwnEpoch && peers.TryGetValue(from, out var answering))
            {
                answering.AnsweredAnyEpoch(ack);
                Advance();
            }

            return;
        }

        if (!peers.TryGetValue(from, out var peer))
        {
            // It will say where it is reached, in a Follow.
            return;
        }

        if (ack.Epoch == fence.Epoch)
        {
            // Records go out while they are written: their acknowledgement may come before the own log's word that they are there.
            var received = Math.Min(ack.Received, core.Log.End);
            ack = ack with { Received = received, Durable = Math.Min(ack.Durable, received) };
        }

        peer.Acknowledged(ack, core.Log.Durable, core.Now);
        if (ack.Gap)
        {
            core.Emit(new StreamFrom(from, ack.Received));
        }

        Join(peer);
        handOver.Tick(peers.Values, commit);
        Advance();
    }

    public void Take(NodeId from, Follow follow)
    {
        if (!peers.TryGetValue(from, out var peer))
        {
            peers.Add(from, peer = new(follow.Self, core.Now));
        }

        peer.Member = follow.Self;
        core.Emit(new MembersKnown([follow.Self]));
        core.Emit(new Send(from, Word(core.Log.Chain)));
    }

    /// <summary>The own log moved.</summary>
    public void Moved() => Advance();

    public void Take(ChangeEnded ended) => Changed(set.Take(ended));

    public void Take(StoredRecord stored) => Changed(set.Take(stored));

    public void Take(ConfirmEnded ended)
    {
        if (solo.Take(ended, Required().Count == 0 && !set.AnyOpen, set.Version) is var (durable, round))
        {
            confirmedAlone = Math.Max(confirmedAlone, durable);
            confirmedRound = Math.Max(confirmedRound, round);
            Commit(confirmedAlone);
            reads.Answer(confirmedRound);
        }

        Advance();
    }

    public void Read(long ticket)
    {
        if (!active)
        {
            early.Add(ticket);
            return;
        }

        reads.Add(ticket, commit);
        Advance();
    }

    public void Lost(NodeId node)
    {
        if (peers.TryGetValue(node, out var peer))
        {
            peer.IsLost = true;
            Leave(peer);
        }
    }

    public void Remove(RemovalRequested asked)
    {
        var node = asked.Node;
        if (!peers.TryGetValue(node, out var peer))
        {
            core.Say($"node {node} is not known here");
            return;
        }

        if (!asked.Forced && set.Record.Contains(node) && set.Record.InSync.Length - 1 <= core.Options.MinInSync)
        {
            core.Say($"node {node} stays: without it {set.Record.InSync.Length - 1} members are left, and a write needs {core.Options.MinInSync + 1}");
            return;
        }

        peer.IsRemoved = true;
        peer.IsForcedOut |= asked.Forced;
        peer.JoinsAt = null;
        if (set.Record.Contains(node))
        {
            set.Try(Without(node));
        }
    }

    public void Admit(NodeId node)
    {
        if (peers.TryGetValue(node, out var peer))
        {
            (peer.IsRemoved, peer.IsForcedOut) = (false, false);
        }
    }

    public void Begin(HandOverRequested asked)
    {
        handOver.Begin(asked.To, fence.Epoch, set.Record, peers);
        handOver.Tick(peers.Values, commit);
    }

    /// <summary>A member that the record names and that has not spoken yet is waited for like any other.</summary>
    private PeerProgress Known(NodeId node)
    {
        if (peers.TryGetValue(node, out var known))
        {
            return known;
        }

        var met = new PeerProgress(set.Named(node), core.Now);
        peers.Add(node, met);
        core.Emit(new MembersKnown([met.Member]));
        return met;
    }

    /// <summary>Everybody who is waited for: who may stand in the record, and who is joining. Valid until it is asked for again, which every event does.</summary>
    private List<PeerProgress> Required()
    {
        required.Clear();
        set.Others(others);
        foreach (var node in others)
        {
            required.Add(Known(node));
        }

        foreach (var peer in peers.Values)
        {
            if (peer.JoinsAt is not null && !required.Contains(peer))
            {
                required.Add(peer);
            }
        }

        return required;
    }

    /// <summary>Says whether anybody else is waited for, where that is news.</summary>
    private void Stand()
    {
        var isNobodyElse = Required().Count == 0 && !set.AnyOpen;
        if (isNobodyElse != alone)
        {
            alone = isNobodyElse;
            core.Emit(new StandsAlone(alone));
        }
    }

    /// <summary>Commits, answers and asks for what has become possible.</summary>
    private void Advance()
    {
        Stand();
        if (required.Count > 0)
        {
            var (least, most, confirmed) = (ulong.MaxValue, 0UL, ulong.MaxValue);
            foreach (var peer in required)
            {
                least = Math.Min(least, peer.Durable);
                most = Math.Max(most, peer.Durable);
                confirmed = Math.Min(confirmed, peer.Round);
            }

            Commit(Math.Min(core.Log.Durable, core.Rules.EveryMemberAcknowledges ? least : most));
            reads.Answer(confirmed);
            if (reads.Begin(confirmed))
            {
                Beat();
            }

            return;
        }

        if (set.AnyOpen || set.Version is not { } version)
        {
            return;
        }

        if (!core.Rules.SoloWritesAreConfirmed)
        {
            Commit(core.Log.Durable);
        }

        if (reads.Any)
        {
            reads.Begin(reads.Round);
        }

        if (core.Log.Durable > commit || reads.Any)
        {
            solo.Begin(version, core.Log.Durable, reads.Round);
        }
    }

    private void Commit(ulong upTo)
    {
        if (upTo <= commit || upTo < fence.Position.Number)
        {
            return;
        }

        commit = upTo;
        if (!active)
        {
            // Whether writes are taken is known before anybody can write; what the log itself reserves for reads is committed in either case.
            core.Emit(new SetChanged(set.Record.InSync, HasEnough));
        }

        if (commit > core.CommitSeen)
        {
            core.SawCommit(commit);
        }

        if (active)
        {
            return;
        }

        active = true;
        core.Emit(new BecameActive(fence));
        early.ForEach(ticket => reads.Add(ticket, commit));
        early.Clear();
    }

    private void Changed(bool another)
    {
        foreach (var peer in peers.Values.Where(peer => set.Record.Contains(peer.Member.Node)))
        {
            peer.JoinsAt = null;
        }

        if (another && active)
        {
            core.Emit(new SetChanged(set.Record.InSync, HasEnough));
        }

        Advance();
    }

    /// <summary>
    /// Takes out a member for which a write or a Strong read waits; never below what must stay, but before the fence is committed: a claim may go
    /// below, and only reads are served then.
    /// </summary>
    private void Leave(PeerProgress peer)
    {
        var node = peer.Member.Node;
        if (peer.IsRemoved && set.Record.Contains(node) && (peer.IsForcedOut || set.Record.InSync.Length - 1 > core.Options.MinInSync))
        {
            // A change that was under way when the operator asked, or the join itself, came first. Another member may have left meanwhile: then this one stays until there are enough again.
            set.Try(Without(node));
        }

        var isNeeded = (peer.Durable < core.Log.Durable || (reads.Needed > peer.Round && reads.Round > peer.Round)) && (peer.JoinsAt is not null || set.Mentions(node));
        var waited = peer.WaitedMs(isNeeded, core.Now);
        if (!isNeeded || (waited < core.Options.LeaveAfterMs && !peer.IsLost))
        {
            return;
        }

        if (peer.JoinsAt is not null && !set.Mentions(node))
        {
            peer.JoinsAt = null;
            peer.Stalls();
            Advance();
        }
        else if (set.Record.Contains(node) && (!active || set.Record.InSync.Length - 1 > core.Options.MinInSync))
        {
            peer.Stalls();
            set.Try(Without(node));
        }
    }

    /// <summary>First every write waits for it, then it must hold all that was acknowledged before that, and the own fence; then it is added.</summary>
    private void Join(PeerProgress peer)
    {
        var node = peer.Member.Node;
        if (!peer.IsMatched || peer.IsRemoved || peer.IsLost || peer.HasStalled || set.Mentions(node) || core.Log.End - Math.Min(core.Log.End, peer.Durable) > (ulong)core.Options.JoinLagRecordsMax)
        {
            return;
        }

        var known = core.Rules.JoinNeedsOwnFence ? Math.Max(commit, fence.Position.Number) : core.CommitSeen;
        peer.JoinsAt ??= core.Rules.JoinWaitsForCatchUp ? known : 0;
        if (peer.Durable >= peer.JoinsAt)
        {
            Stand();
            set.Try([.. set.Record.InSync, peer.Member]);
        }
    }

    private ImmutableArray<Member> Without(NodeId node) => set.Record.InSync.RemoveAll(member => member.Node == node);

    /// <summary>Speaks to every node; progress is told of only while the own log makes some, and the state that clients are answered from.</summary>
    private void Beat()
    {
        lastBeat = core.Now;
        var logMoves = core.Log.Durable == core.Log.End || core.Log.Durable > durableAtBeat;
        progress += logMoves && core.Now - appliedAt <= core.Options.ApplyStalledMs ? 1 : 0;
        durableAtBeat = core.Log.Durable;
        foreach (var peer in peers.Values)
        {
            core.Emit(new Send(peer.Member.Node, Word(peer.IsMatched ? null : core.Log.Chain)));
        }

        core.Emit(new PeersStand([.. peers.Values.Select(Standing)]));
    }

    private PeerStanding Standing(PeerProgress peer) => new(
        peer.Member, set.Record.Contains(peer.Member.Node), !peer.IsLost && core.Now - peer.HeardAt <= core.Options.SilenceMinMs, peer.Durable);

    private Lead Word(EpochChain? chain) => new(fence.Epoch, chain, core.Log.Front, commit, reads.Round, progress);
}
