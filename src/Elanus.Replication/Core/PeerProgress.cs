namespace Elanus.Replication;

/// <summary>What the active knows of one other node, under its own epoch.</summary>
internal sealed class PeerProgress(Member member, long now)
{
    private long? neededSince;
    private long movedAt = now;
    private long streamedAt = now;

    public Member Member { get; set; } = member;

    /// <summary>Its history is known to be the active's, up to where it received.</summary>
    public bool IsMatched { get; private set; }

    public ulong Received { get; private set; }

    public ulong Durable { get; private set; }

    public ulong Round { get; private set; }

    /// <summary>When it last acknowledged anything; null where it never did.</summary>
    public long? HeardAt { get; private set; }

    /// <summary>Where it stood when the active began to wait for it on every write; null where it is not joining.</summary>
    public ulong? JoinsAt { get; set; }

    /// <summary>An operator took it out.</summary>
    public bool IsRemoved { get; set; }

    /// <summary>Whatever is left then.</summary>
    public bool IsForcedOut { get; set; }

    /// <summary>Its process is said to be gone.</summary>
    public bool IsLost { get; set; }

    /// <summary>It was awaited in vain: it does not join before it has moved, or holds everything.</summary>
    public bool HasStalled { get; private set; }

    public void Stalls() => HasStalled = true;

    /// <param name="ack">What it says.</param>
    /// <param name="end">How far the active's own log is durable.</param>
    /// <param name="now">In milliseconds.</param>
    public void Acknowledged(Ack ack, ulong end, long now)
    {
        HasStalled &= ack.Durable <= Durable && ack.Durable < end;
        if (ack.Durable > Durable || ack.Round > Round || !IsMatched)
        {
            movedAt = now;
        }

        if (ack.Received > Received)
        {
            streamedAt = now;
        }

        HeardAt = now;
        IsMatched = true;
        IsLost = false;

        // What it asks for again it has not: it may have lacked the room to keep it, or have started anew.
        Received = ack.Gap ? ack.Received : Math.Max(Received, ack.Received);
        Durable = Math.Max(Durable, ack.Durable);
        Round = Math.Max(Round, ack.Round);
    }

    /// <summary>The weakened rule: a round counts whatever epoch it was answered under.</summary>
    public void AnsweredAnyEpoch(Ack ack) => Round = Math.Max(Round, ack.Round);

    /// <summary>True where records were sent long ago, or never, and nothing came of it: they, or what it said to them, were lost.</summary>
    public bool IsStuck(ulong end, int patienceMs, long now)
    {
        if (!IsMatched || Received >= end || now - streamedAt < patienceMs)
        {
            return false;
        }

        streamedAt = now;
        return true;
    }

    /// <summary>For how long something has waited for this node without any progress of its own, in milliseconds.</summary>
    public long WaitedMs(bool isNeeded, long now)
    {
        neededSince = isNeeded ? neededSince ?? now : null;
        return neededSince is { } since ? now - Math.Max(since, movedAt) : 0;
    }
}
