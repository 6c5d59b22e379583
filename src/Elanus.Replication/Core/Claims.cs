using System.Collections.Immutable;

namespace Elanus.Replication;

/// <summary>
/// Attempts of this process to become active. An attempt whose outcome is unknown may take effect at any time until the version that it compared
/// has moved; the latest of them are kept, to know them for one's own.
/// </summary>
internal sealed class Claims(CoreContext core, RecordView record)
{
    private readonly List<(ChangeNonce Nonce, RecordVersion Version, RoleRecord Next, ClaimCause Cause)> open = [];
    private long lastAttempt = long.MinValue / 2;
    private bool isRecordOld;

    /// <summary>Whether the record is to be read soon: to know of an attempt, or to make one.</summary>
    public bool AwaitsRecord => open.Count > 0 || isRecordOld;

    /// <summary>Why this process made the claim that took effect.</summary>
    public ClaimCause Cause { get; private set; }

    /// <summary>
    /// Replaces the record by the next epoch, the own claim, and the set less the old holder. Only a member may, or an operator's force; nobody
    /// while the arbiter knows less than this node.
    /// </summary>
    public void Try(ClaimCause cause)
    {
        if (record.HasForgotten || (isRecordOld && record.Stored is not null) || core.Now - lastAttempt < core.Options.RetryMs)
        {
            return;
        }

        var old = record.Stored;
        if (old is null && !record.HasAnswered)
        {
            // Not known is not the same as not there.
            record.Read();
            return;
        }

        var next = old is null ? Form() : cause == ClaimCause.Forced ? Force(old.Record) : Succeed(old.Record);
        if (next is null)
        {
            return;
        }

        lastAttempt = core.Now;
        if (open.Count >= core.Options.OpenChangesMax)
        {
            // Should that one take effect after all, the record names this node and an epoch it does not act under: it claims anew, as after a restart.
            open.RemoveAt(0);
        }

        var nonce = core.Nonce();
        var compared = old?.Version ?? RecordVersion.None;
        open.Add((nonce, compared, next, old is null ? ClaimCause.Formed : cause));
        core.Emit(new ChangeRecord(compared, next, nonce));
    }

    /// <summary>The claim that this outcome makes certain, if it does.</summary>
    public RoleRecord? Settle(ChangeEnded ended)
    {
        var at = open.FindIndex(claim => claim.Nonce == ended.Nonce);
        if (at < 0)
        {
            return null;
        }

        switch (ended.Outcome)
        {
            case ChangeOutcome.Done:
                return Won(at);
            case ChangeOutcome.Refused:
                open.RemoveAt(at);

                // It did not happen, and the record that it compared was old: another attempt with that one could not succeed, and with the new one need not wait.
                isRecordOld = true;
                lastAttempt = long.MinValue / 2;
                break;
        }

        record.Read();
        return null;
    }

    /// <summary>The claim of this process that the record shows to have taken effect, if one did.</summary>
    public RoleRecord? Settle(StoredRecord stored)
    {
        isRecordOld = false;
        var mine = open.FindIndex(claim => claim.Nonce == stored.Nonce);
        if (mine >= 0)
        {
            return Won(mine);
        }

        // The same version: still open. Another one: it can no longer happen.
        open.RemoveAll(claim => !core.Rules.UnchangedVersionStaysOpen || claim.Version != stored.Version);
        return null;
    }

    private RoleRecord Won(int at)
    {
        var (_, _, next, cause) = open[at];
        Cause = cause;
        open.Clear();
        return next;
    }

    private RoleRecord Form() => new(new(core.Log.Chain.Last.Number + 1, core.Claim()), core.Self.Node, [core.Self], Forced: false);

    private RoleRecord? Succeed(RoleRecord old)
    {
        if (core.Rules.OnlyMembersClaim && !old.Contains(core.Self.Node))
        {
            return null;
        }

        ImmutableArray<Member> set = [.. old.InSync.Where(member => member.Node != old.Holder && member.Node != core.Self.Node), core.Self];
        return Next(old, set, IsMarkMissing(old));
    }

    private RoleRecord Force(RoleRecord old) => Next(old, [core.Self], forced: true);

    private RoleRecord Next(RoleRecord old, ImmutableArray<Member> set, bool forced) =>
        new(new(old.Epoch.Number + 1, core.Claim()), core.Self.Node, set, forced) { ForcedBefore = old.LastForced };

    /// <summary>The mark of a forced epoch whose fence is not in the own log: without it the cut it allows would look forbidden.</summary>
    private bool IsMarkMissing(RoleRecord old) =>
        core.Rules.ForcedMarkIsKept && old.Forced && core.Log.Chain.Before != old.Epoch && !core.Log.Chain.Fences.Any(fence => fence.Epoch == old.Epoch);
}
