namespace Elanus.Replication;

/// <summary>
/// The highest epoch this node has seen. It refuses every lower one, and another claim of the same number, and keeps that across restarts:
/// nothing is taken or acknowledged under an epoch before it is kept. It only grows.
/// </summary>
internal sealed class HighestEpoch(Epoch known)
{
    private bool isOutdated;

    public Epoch Known { get; private set; } = known;

    /// <summary>What would survive a restart now.</summary>
    public Epoch Kept { get; private set; } = known;

    /// <summary>Of the last life: what was promised, or the last fence, for a fence in the own log promises what its claim did.</summary>
    public static HighestEpoch Remembered(EpochPromise promise, LogView log, ProtocolRules rules) =>
        new(rules.PromiseIsDurable && promise.Epoch != Epoch.None && log.Chain.Last.Number > promise.Epoch.Number ? log.Chain.Last : promise.Epoch);

    public bool Refuses(Epoch epoch) => epoch.Number < Known.Number || (epoch.Number == Known.Number && epoch.Claim != Known.Claim);

    public bool IsKept(Epoch epoch) => Kept == epoch && Known == epoch && !isOutdated;

    /// <summary>What is kept beside the epoch is no longer so: it counts as not kept until it is kept anew.</summary>
    public void Outdates() => isOutdated = true;

    /// <summary>True where this is news, which must then be kept.</summary>
    public bool Raise(Epoch epoch)
    {
        if (epoch.Number <= Known.Number)
        {
            return false;
        }

        Known = epoch;
        return true;
    }

    /// <summary>True where an earlier epoch was kept: a node that never promised anything has no place in a cluster yet.</summary>
    public bool KeepsAny => Kept != Epoch.None;

    public void Keeps(Epoch epoch)
    {
        Kept = epoch.Number > Kept.Number ? epoch : Kept;

        // The word of an older epoch, which may come late, says nothing of what is kept beside this one.
        isOutdated &= epoch != Known;
    }
}
