using System.Collections.Immutable;

namespace Elanus.Coordination;

/// <summary>
/// What an arbiter keeps of one role: who may act, under which epoch, and who holds everything acknowledged. One value with one version, never
/// leased, never deleted. <paramref name="Forced"/> marks a claim that an operator forced: rows may lie behind it that no member holds.
/// </summary>
public sealed record RoleRecord(Epoch Epoch, NodeId Holder, ImmutableArray<Member> InSync, bool Forced)
{
    public bool Contains(NodeId node) => InSync.Any(member => member.Node == node);

    public bool Equals(RoleRecord? other) =>
        other is not null && Epoch == other.Epoch && Holder == other.Holder && Forced == other.Forced && InSync.SequenceEqual(other.InSync);

    public override int GetHashCode() => HashCode.Combine(Epoch, Holder, Forced, InSync.Length);
}
