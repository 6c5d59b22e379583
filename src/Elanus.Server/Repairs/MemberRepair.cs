using Elanus.Coordination;
using Elanus.Log;
using Elanus.Primitives;

namespace Elanus.Server;

/// <summary>
/// Decides whether a member that has found damage gives up what it holds, and its id with it, because another node has everything (the folder's README says the rules).
/// One run each, under the directory's lock, before anything was said to anybody in this life.
/// </summary>
internal sealed class MemberRepair(ClusterMembership membership, DataDirectory directory, NodeSeams seams)
{
    /// <summary>How many damaged members' files are kept: a disk that damages more is at fault itself.</summary>
    internal const int KeptMax = 3;

    /// <summary>In every sentence of a member that does not give up what it holds.</summary>
    internal const string NotFetched = "It is not fetched from another member";

    /// <summary>How long another node may take to become active.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    private static readonly TimeSpan AskAgain = TimeSpan.FromMilliseconds(100);

    private AliveNote? seen;
    private ChangeNonce? moving;

    /// <summary>Success: it is decided, durably, and the next start goes on as a new member; answers where everything is kept. A failure names the damage and why not.</summary>
    public async Task<Result<string>> Decide(string damage, CancellationToken cancel)
    {
        membership.Tells?.Invoke(damage);
        if ((await seams.Files.ListAsync($"{directory.Path}/{RepairInstallation.Folder}", cancel) ?? []).Count >= KeptMax)
        {
            return Not(damage, $"that was done {KeptMax} times, and {directory.Path}/{RepairInstallation.Folder} holds what was damaged then. Replace the disk, or remove that folder");
        }

        var promised = await Promised(cancel);
        using var patience = new CancellationTokenSource(Patience, seams.Time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(patience.Token, cancel);
        while (true)
        {
            // What is asked once may get lost.
            using var answers = new CancellationTokenSource(TimeSpan.FromMilliseconds(membership.Options.ArbiterPatienceMs), seams.Time);
            using var once = CancellationTokenSource.CreateLinkedTokenSource(answers.Token, either.Token);
            var (active, why, isFinal) = await Look(promised, once.Token);
            cancel.ThrowIfCancellationRequested();
            if (active is { } epoch)
            {
                return await Give(epoch, damage, cancel);
            }

            if (isFinal || patience.IsCancellationRequested)
            {
                return Not(damage, why);
            }

            await Task.Delay(AskAgain, seams.Time, cancel);
        }
    }

    /// <summary>The epoch of another node that is active and holds everything, once nothing of this node's can take effect any more; or why there is none yet, or never.</summary>
    private async Task<(Epoch? Active, string Why, bool IsFinal)> Look(Epoch? promised, CancellationToken cancel)
    {
        if (!(await membership.Arbiter.ReadAsync(membership.Cluster, cancel)).TryGet(out var stored, out var failure))
        {
            return (null, $"the arbiter does not answer: {failure.Sentence}", false);
        }

        if (stored is null)
        {
            return (null, "the arbiter has no record of the cluster", true);
        }

        var record = stored.Record;
        if (promised is { } known && (record.Epoch.Number < known.Number || (record.Epoch.Number == known.Number && record.Epoch != known)))
        {
            return (null, $"the arbiter knows {record.Epoch}, this node has promised to follow {known}: it has lost its memory. An operator restores the arbiter's data first", true);
        }

        if (promised == Epoch.None && !record.Contains(directory.Node))
        {
            return (null, "the data directory was never a member's: what it holds may be nowhere else", true);
        }

        if (record.Holder == directory.Node)
        {
            return record.InSync.Length == 1
                ? (null, "this node was alone in the in-sync set: nobody else has everything", true)
                : (null, "no other member has become active", false);
        }

        if (!(await membership.Arbiter.ReadAliveAsync(membership.Cluster, cancel)).TryGet(out var alive, out failure))
        {
            return (null, $"the arbiter does not answer: {failure.Sentence}", false);
        }

        var (before, lives) = (seen, alive is { } note && note.Epoch == record.Epoch && note.Node == record.Holder);
        seen = lives ? alive : null;
        if (!lives || before is null || before.Epoch != record.Epoch)
        {
            return (null, $"node {record.Holder}, which is to have everything, does not show the arbiter that it lives", false);
        }

        if (alive!.Progress <= before.Progress)
        {
            seen = before;
            return (null, $"node {record.Holder}, which is to have everything, makes no progress", false);
        }

        if (stored.Nonce == moving || await Move(stored, cancel))
        {
            return (record.Epoch, "", true);
        }

        seen = before;
        return (null, "the arbiter's record changes too often, or its answers are lost", false);
    }

    /// <summary>Writes the record as it stands: whatever this node asked the arbiter for in an earlier life compared an older version.</summary>
    private async Task<bool> Move(StoredRecord stored, CancellationToken cancel)
    {
        moving = new(seams.Random.NextUInt64(), seams.Random.NextUInt64());
        return await membership.Arbiter.ChangeAsync(membership.Cluster, stored.Version, stored.Record, moving.Value, cancel) == ChangeOutcome.Done;
    }

    private async Task<Result<string>> Give(Epoch highest, string damage, CancellationToken cancel)
    {
        var decided = await new RepairMark(directory.Node, new(seams.Random.NextUInt64()), highest).Write(seams.Files, directory.Path, cancel);
        return decided.Succeeded ? RepairInstallation.KeptOf(directory.Path, directory.Node) : Not(damage, decided.Failure.Sentence);
    }

    /// <summary>What this node promised; null where that is damaged: then it was a member's.</summary>
    private async Task<Epoch?> Promised(CancellationToken cancel)
    {
        try
        {
            return (await EpochPromise.LoadAsync(seams.Files, directory.LogPath, cancel)).Epoch;
        }
        catch (LogDamagedException)
        {
            return null;
        }
    }

    private static Failure Not(string damage, string why) => new(FailureCode.Internal, $"{damage}. {NotFetched}: {why}");
}
