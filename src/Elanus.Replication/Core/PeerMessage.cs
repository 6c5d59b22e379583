namespace Elanus.Replication;

/// <summary>
/// What nodes say to each other. Each message may be lost, doubled or late. The epoch is the sender's: the one it acts or answers under, or
/// the highest it has seen.
/// </summary>
public abstract record PeerMessage(Epoch Epoch);

/// <summary>A node that follows, to the holder: tell me your chain of fences.</summary>
internal sealed record Follow(Epoch Epoch, Member Self) : PeerMessage(Epoch);

/// <summary>
/// The active's heartbeat. <paramref name="Chain"/> goes to a node that is not yet matched with the active's history. <paramref name="Round"/>
/// is the last confirmation of Strong reads that began; <paramref name="Progress"/> grows while the active's log makes progress.
/// </summary>
internal sealed record Lead(Epoch Epoch, EpochChain? Chain, ulong Front, ulong Commit, ulong Round, long Progress) : PeerMessage(Epoch)
{
    /// <summary>How far the active's clock has come, for reads on followers; the log's owner puts it in when it sends.</summary>
    public PassedClock? Passed { get; init; }
}

/// <summary>A follower's read waits until the active's clock has passed a moment: its reservation must reach that far.</summary>
internal sealed record AskClock(Epoch Epoch, Timestamp Moment) : PeerMessage(Epoch);

/// <summary>Records of the active's log without a gap, with its commit position.</summary>
internal sealed record Records(Epoch Epoch, IReadOnlyList<LogRecord> Items, ulong Commit) : PeerMessage(Epoch);

/// <summary>
/// A follower's log is the active's up to <paramref name="Received"/>, wholly durable up to <paramref name="Durable"/>. <paramref name="Gap"/>
/// asks for the records behind the former again.
/// </summary>
internal sealed record Ack(Epoch Epoch, ulong Received, ulong Durable, ulong Round, bool Gap) : PeerMessage(Epoch);

/// <summary>To the sender of an older epoch: the highest epoch seen is another.</summary>
internal sealed record Refuse(Epoch Epoch) : PeerMessage(Epoch);

/// <summary>The active of this epoch asks a member to claim.</summary>
internal sealed record TakeOver(Epoch Epoch) : PeerMessage(Epoch);
