namespace Elanus.Replication;

/// <summary>What every part of one replica's core shares: who it is, what it knows durably, the arbiter's record, and the effects of this event.</summary>
internal sealed class CoreContext(Member self, ReplicaOptions options, ProtocolRules rules, IRandomSource random, HighestEpoch highest, LogView log, ulong commitSeen)
{
    private readonly List<Effect> effects = [];

    public Member Self => self;

    public ReplicaOptions Options => options;

    public ProtocolRules Rules => rules;

    public HighestEpoch Highest => highest;

    public LogView Log => log;

    /// <summary>The highest commit position seen: nothing below it is ever cut, but across a forced epoch.</summary>
    public ulong CommitSeen { get; private set; } = commitSeen;

    public long Now { get; set; }

    /// <summary>How far the own state has come, as of the last tick.</summary>
    public ulong Applied { get; set; }

    public ChangeNonce Nonce() => new(random.NextUInt64(), random.NextUInt64());

    public ClaimId Claim() => new(random.NextUInt64(), random.NextUInt64());

    public void Emit(Effect effect) => effects.Add(effect);

    public void Say(string sentence) => Emit(new Says(sentence));

    /// <summary>An operator's wish is not fulfilled; who waits for it hears why, and whoever reads the log.</summary>
    public void Refuse(string sentence)
    {
        Say(sentence);
        Emit(new WishRefused(sentence));
    }

    public void SawCommit(ulong position)
    {
        Invariant.Holds(position >= CommitSeen, $"the commit position went back from {CommitSeen} to {position}");
        CommitSeen = position;
        Emit(new AdvanceCommit(position));
    }

    /// <summary>What was seen behind a position is cut: only across a forced epoch is there any.</summary>
    public void ForgetSeenBehind(ulong end) => CommitSeen = Math.Min(CommitSeen, end);

    public IReadOnlyList<Effect> Take()
    {
        Effect[] taken = [.. effects];
        effects.Clear();
        return taken;
    }
}
