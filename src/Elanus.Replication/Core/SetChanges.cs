using System.Collections.Immutable;

namespace Elanus.Replication;

/// <summary>
/// The in-sync set of the own epoch and the changes of it whose outcome is not known. While one is open, what is acknowledged waits for the union of
/// all sets that may stand in the record.
/// </summary>
internal sealed class SetChanges(CoreContext core, RecordView view, RoleRecord claimed)
{
    private readonly List<(ChangeNonce Nonce, RecordVersion Version, RoleRecord Next)> open = [];
    private long lastAttempt = long.MinValue / 2;
    private long left = long.MinValue;
    private long refusedAt = long.MinValue;
    private int answersSinceRefusal;
    private int setBack;

    /// <summary>The record of the own epoch, as last known to stand.</summary>
    public RoleRecord Record { get; private set; } = claimed;

    /// <summary>Null while it is not known which version the record has.</summary>
    public RecordVersion? Version { get; private set; }

    public bool AnyOpen => open.Count > 0;

    /// <summary>Everybody, but this node, whose acknowledgement counts, each once. Asked for at every event: nothing is allocated.</summary>
    public void Others(List<NodeId> into)
    {
        into.Clear();
        Add(Record.InSync, into);
        if (core.Rules.UnionWhileChangeIsOpen)
        {
            foreach (var (_, _, next) in open)
            {
                Add(next.InSync, into);
            }
        }
    }

    /// <summary>Where a node is reached that the record, or an open change, names.</summary>
    public Member Named(NodeId node) => Record.InSync.Concat(open.SelectMany(change => change.Next.InSync)).First(member => member.Node == node);

    public bool Mentions(NodeId node) => Record.Contains(node) || open.Any(change => change.Next.Contains(node));

    /// <summary>One attempt to make this the set; not while another change is open.</summary>
    public void Try(ImmutableArray<Member> set)
    {
        if (Version is { } version && open.Count == 0)
        {
            Attempt(version, Record with { InSync = set });
        }
    }

    /// <summary>
    /// A change that stays open for long is attempted once more, under another nonce: only a change that takes effect, whichever, settles those that
    /// compared the same version.
    /// </summary>
    public void Retry()
    {
        if (Version is not { } version || open.Count == 0 || core.Now - lastAttempt < core.Options.RetryMs)
        {
            return;
        }

        var next = open[^1].Next;
        if (open.Count >= core.Options.OpenChangesMax)
        {
            // All mean the same set, so the union loses nothing; the record, read back, says whether it stands.
            open.RemoveAt(0);
        }

        Attempt(version, next);
    }

    /// <summary>True where the set is another now.</summary>
    public bool Take(ChangeEnded ended)
    {
        var at = open.FindIndex(change => change.Nonce == ended.Nonce);
        if (at < 0)
        {
            return false;
        }

        var (_, version, next) = open[at];
        switch (ended.Outcome)
        {
            case ChangeOutcome.Done:
                // The version moved with it: no other change that compared the same one can happen any more.
                open.RemoveAll(change => change.Version == version);
                Record = next;
                Version = null;
                left = Math.Max(left, version.Number);
                view.Read();
                return true;
            case ChangeOutcome.Refused:
                // The version moved, perhaps by an earlier attempt at the same set: until the record is read back, that set counts.
                Version = null;
                refusedAt = Math.Max(refusedAt, version.Number);
                answersSinceRefusal = 0;
                view.Read();
                return false;
            default:
                view.Read();
                return false;
        }
    }

    /// <summary>Takes the record as it was read, of the own epoch. True where the set is another now.</summary>
    public bool Take(StoredRecord stored)
    {
        Invariant.Holds(stored.Record.Contains(core.Self.Node), $"the set of {stored.Record.Epoch} is without its holder");
        if (stored.Version.Number <= left)
        {
            // An answer from before a change that is known to have taken effect; the next one is not, for one read is under way at a time.
            if (++setBack == 2)
            {
                core.Say($"the arbiter shows the record from before a change of the in-sync set that it had made: it has lost its memory. The set stays as it is until an operator restores the arbiter's data");
            }

            return false;
        }

        setBack = 0;

        if (stored.Version.Number <= refusedAt && ++answersSinceRefusal < 2)
        {
            // Perhaps from before the refusal. The next answer is not, for one read is under way at a time: if it says the same, the arbiter had lost its memory and
            // has it again. What was refused stays in the union with it.
            return false;
        }

        var changed = !Record.InSync.SequenceEqual(stored.Record.InSync);
        Record = stored.Record;
        Version = stored.Version;
        open.RemoveAll(change => !core.Rules.UnchangedVersionStaysOpen || change.Version != stored.Version);
        return changed;
    }

    private void Add(ImmutableArray<Member> members, List<NodeId> into)
    {
        foreach (var member in members)
        {
            if (member.Node != core.Self.Node && !into.Contains(member.Node))
            {
                into.Add(member.Node);
            }
        }
    }

    private void Attempt(RecordVersion version, RoleRecord next)
    {
        lastAttempt = core.Now;
        var nonce = core.Nonce();
        open.Add((nonce, version, next));
        core.Emit(new ChangeRecord(version, next, nonce));
        if (!core.Rules.LeavingCountsOnceKnown)
        {
            Record = next;
        }
    }
}
