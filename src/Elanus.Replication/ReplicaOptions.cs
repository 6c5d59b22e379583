namespace Elanus.Replication;

/// <summary>The bounds of one replica. Safety depends on none of them: they decide how soon something is suspected or tried again.</summary>
public sealed record ReplicaOptions
{
    /// <summary>Members besides the active that a write needs; below it only reads are served. 0: a pair that lost a node goes on.</summary>
    public int MinInSync { get; init; }

    /// <summary>The active speaks at least this often to each node that follows it.</summary>
    public int HeartbeatMs { get; init; } = 50;

    /// <summary>The silence that is borne at least, however regular the active was.</summary>
    public int SilenceMinMs { get; init; } = 400;

    /// <summary>The silence that is borne at most, however irregular the active was.</summary>
    public int SilenceMaxMs { get; init; } = 900;

    /// <summary>How long an active that speaks may make no progress: a disk that many share holds up an fsync for half a second now and then.</summary>
    public int StalledMs { get; init; } = 800;

    /// <summary>How long an active may apply nothing of what is committed before that counts as no progress: one record may be large, and each node takes its time for it.</summary>
    public int ApplyStalledMs { get; init; } = 3000;

    /// <summary>A member for which a write or a Strong read waits longer than this leaves the set.</summary>
    public int LeaveAfterMs { get; init; } = 300;

    /// <summary>After so long a request to the arbiter whose outcome is unknown is followed by another.</summary>
    public int RetryMs { get; init; } = 200;

    /// <summary>How long one request to the arbiter may take before its outcome counts as unknown.</summary>
    public int ArbiterPatienceMs { get; init; } = 2000;

    /// <summary>The record is read at least this often, whatever hints come.</summary>
    public int RecordReadMs { get; init; } = 1000;

    /// <summary>How often an active that makes progress renews its hint in the arbiter.</summary>
    public int AliveEveryMs { get; init; } = 500;

    /// <summary>A node that lacks more records than this does not begin to join: writes would wait for it.</summary>
    public int JoinLagRecordsMax { get; init; } = 4096;

    /// <summary>
    /// What a node copies from this one, and the log behind it, is kept for it until it follows, or has been silent for so long: it may have to load a large state first.
    /// </summary>
    public int CopyPatienceMs { get; init; } = 600_000;

    /// <summary>The active keeps its log for a node that followed, or led before it, until that has been silent for so long (<see cref="AwayNodes"/>).</summary>
    public int AwayKeptMs { get; init; } = 600_000;

    /// <summary>The most that it keeps for them: who needs more copies the state.</summary>
    public long AwayKeptBytesMax { get; init; } = 512L << 20;

    /// <summary>All on, but in tests.</summary>
    internal ProtocolRules Rules { get; init; } = ProtocolRules.All;

    /// <summary>Changes of the record under way whose outcome is unknown; beyond it they are only read back.</summary>
    public int OpenChangesMax { get; init; } = 8;
}
