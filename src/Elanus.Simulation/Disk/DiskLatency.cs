namespace Elanus.Simulation;

/// <summary>What a call to the disk does.</summary>
public enum DiskCall
{
    Read,
    Write,
    Sync,
    Name,
}

/// <summary>How long a disk takes, in ticks of 100 ns, least and most.</summary>
public sealed record DiskLatency(long ReadMax, long WriteMax, long SyncMax, long NameMax)
{
    public static readonly DiskLatency Usual = new(200, 500, 30_000, 500);

    /// <summary>A disk that is nearly stuck: syncs of up to a second and a half.</summary>
    public static readonly DiskLatency Slow = new(20_000, 50_000, 15_000_000, 50_000);

    internal (long Least, long Most) Of(DiskCall call) => call switch
    {
        DiskCall.Read => (20, ReadMax),
        DiskCall.Write => (50, WriteMax),
        DiskCall.Sync => (1_000, SyncMax),
        _ => (50, NameMax),
    };
}
