using System.Collections.Immutable;

namespace Elanus.Coordination;

/// <summary>
/// What an arbiter keeps of one role: who may act, under which epoch, and who holds everything acknowledged. One value with one version, never
/// leased, never deleted. <paramref name="Forced"/> marks a claim that an operator forced: rows may lie behind it that no member holds.
/// </summary>
public sealed record RoleRecord(Epoch Epoch, NodeId Holder, ImmutableArray<Member> InSync, bool Forced)
{
    /// <summary>The number of the newest epoch before this one that was forced; 0 where none was.</summary>
    public ulong ForcedBefore { get; init; }

    /// <summary>The number of the newest epoch that was forced, this one or an earlier one; 0 where none was. What an older history holds may be nowhere else.</summary>
    public ulong LastForced => Forced ? Epoch.Number : ForcedBefore;

    public bool Contains(NodeId node) => InSync.Any(member => member.Node == node);

    public bool Equals(RoleRecord? other) =>
        other is not null && Epoch == other.Epoch && Holder == other.Holder && Forced == other.Forced && ForcedBefore == other.ForcedBefore && InSync.SequenceEqual(other.InSync);

    public override int GetHashCode() => HashCode.Combine(Epoch, Holder, Forced, InSync.Length);
}
