namespace Elanus.Simulation;

/// <summary>
/// A machine's disk: what it holds outlives the processes that use it. Each process has a session; when the process is killed its handles and
/// locks go and everything written stays in the cache; when the machine loses power, what was not synced is kept or lost at random.
/// </summary>
public sealed class SimulatedDisk
{
    private readonly SimulationLoop loop;
    private readonly Dice dice;
    private MemoryFileSystem medium = new();
    private DiskSession? session;
    private long shortUntil = -1;

    public SimulatedDisk(SimulationLoop loop, Dice dice)
    {
        this.loop = loop;
        this.dice = dice;
        medium.Faults.Sync = SyncFates;
    }

    public DiskLatency Latency { get; set; } = DiskLatency.Usual;

    /// <summary>What becomes of a sync that no fault concerns.</summary>
    public SyncFate Usually { get; set; } = SyncFate.Honest;

    /// <summary>What becomes of the next syncs, if not what usually does.</summary>
    public Func<string, SyncFate>? Fates { get; set; }

    /// <summary>Whether a sync of the process that has the disk now has failed.</summary>
    public bool FailedSync { get; private set; }

    private bool IsShort => medium.Faults.CapacityBytes != long.MaxValue;

    /// <summary>Bytes that can still be written; null for no limit.</summary>
    public void Limit(long? freeBytes)
    {
        shortUntil = IsShort ? loop.Now : shortUntil;
        medium.Faults.CapacityBytes = freeBytes is { } free ? medium.UsedBytes + free : long.MaxValue;
    }

    /// <summary>Whether room was limited at any moment since then.</summary>
    public bool WasShortSince(long moment) => IsShort || shortUntil >= moment;

    /// <summary>The files as they are, for checks and for damage at rest.</summary>
    public MemoryFileSystem Medium => medium;

    /// <summary>Files for a process; those of the one before are closed.</summary>
    public IFileSystem Attach(SimulatedProcess process)
    {
        Detach();
        FailedSync = false;
        return session = new(this, process);
    }

    /// <summary>The process was killed.</summary>
    public void Detach()
    {
        session?.CloseAll();
        session = null;
    }

    /// <summary>The power failed.</summary>
    public void LosePower()
    {
        Detach();
        Replace(medium.CrashImage(dice.Source));
    }

    /// <summary>A copy of what is durable and cached alike, to go back to with <see cref="Replace"/>; only while nobody has files open.</summary>
    public void Replace(MemoryFileSystem other)
    {
        medium = other;
        medium.Faults.Sync = SyncFates;
    }

    internal ValueTask Wait(SimulatedProcess process, DiskCall call)
    {
        var (least, most) = Latency.Of(call);
        return process.Delay(dice.Scaled(least, most));
    }

    internal void Note(string what) => loop.Event(what);

    private SyncFate SyncFates(string path)
    {
        var fate = Fates?.Invoke(path) ?? Usually;
        FailedSync |= fate == SyncFate.Failed;
        if (fate != Usually)
        {
            Note($"the sync of {path} is {fate}");
        }

        return fate;
    }
}
