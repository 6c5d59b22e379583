namespace Elanus.Replication;

/// <summary>
/// When a standby suspects the active: never needed for safety, always allowed to be wrong. Silence is judged against how regular the active was
/// (the largest gap lately, three times, within named bounds), and only by a process whose own timers ran on time. An active that goes on speaking and makes no
/// progress waits for its disk, mostly: that is borne a little longer. Or its state hangs at a record: then only a node whose own state has come past it does better.
/// </summary>
internal sealed class Suspicion(CoreContext core)
{
    /// <summary>How much of a larger gap is forgotten at each further sign of life.</summary>
    private const int DecayFraction = 16;

    private long heardAt;
    private long spokeAt;
    private long lastTick;
    private double gap;
    private Epoch ended;
    private long progress = long.MinValue;
    private ulong committed;

    /// <summary>The last progress that the active told of.</summary>
    public long Progress => progress;

    /// <summary>The active spoke; only progress counts as a sign of life, for a hung one may go on speaking.</summary>
    public void Heard(long itsProgress, ulong itsCommit)
    {
        spokeAt = core.Now;
        if (itsProgress <= progress)
        {
            return;
        }

        var since = core.Now - heardAt;
        gap = Math.Max(since, gap - ((gap - since) / DecayFraction));
        progress = itsProgress;
        committed = itsCommit;
        heardAt = core.Now;
    }

    /// <summary>The process of an epoch has ended, and the epoch with it.</summary>
    public void Ended(Epoch epoch) => ended = epoch.Number > ended.Number ? epoch : ended;

    /// <summary>
    /// Whether another node holds the role by an epoch whose process has ended. That never grows old, so it counts until the record names another one: the word may come
    /// before the record was read, while the log is busy, or just after an attempt.
    /// </summary>
    public bool HasEnded(RoleRecord record) => record.Epoch == ended && record.Holder != core.Self.Node;

    /// <summary>Another active, or new reason to trust this one: the count of silence begins anew.</summary>
    public void Restart()
    {
        heardAt = core.Now;
        progress = long.MinValue;
        committed = 0;
        gap = 0;
    }

    /// <summary>Silence counts from now on; what was known of the active stays.</summary>
    public void Drop(long itsProgress)
    {
        heardAt = core.Now;
        progress = Math.Max(progress, itsProgress);
    }

    /// <summary>Time passed. A gap between two ticks means that this process did not run: the silence may be its own.</summary>
    public void Tick()
    {
        if (lastTick > 0 && core.Now - lastTick > core.Options.SilenceMinMs / 2)
        {
            heardAt = core.Now;
        }

        lastTick = core.Now;
    }

    /// <summary>Whether the active speaks, with progress or without.</summary>
    public bool Speaks => core.Now - spokeAt <= core.Options.SilenceMinMs;

    public bool IsSilent
    {
        get
        {
            var borne = Math.Clamp(3 * gap, core.Options.SilenceMinMs, core.Options.SilenceMaxMs);
            return Speaks ? core.Now - heardAt > Math.Max(borne, core.Options.StalledMs) && core.Applied >= committed : core.Now - Math.Max(heardAt, spokeAt) > borne;
        }
    }
}
