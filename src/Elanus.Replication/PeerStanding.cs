namespace Elanus.Replication;

/// <summary>How another node stands, as the active sees it.</summary>
/// <param name="Member">Who and where it is.</param>
/// <param name="InSync">Whether it belongs to the in-sync set.</param>
/// <param name="IsHeard">Whether it answered lately.</param>
/// <param name="Held">The last position of the active's log that is durable there; 0 where that is not known yet.</param>
public sealed record PeerStanding(Member Member, bool InSync, bool IsHeard, ulong Held);
