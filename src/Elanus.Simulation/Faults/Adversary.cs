namespace Elanus.Simulation;

/// <summary>
/// Does harm to one node, at moments drawn from the seed: it counts steps, not time, so that any await may be the moment. Which kinds a run has
/// is drawn too. <see cref="Heal"/> ends all of it.
/// </summary>
public sealed class Adversary(SimulationLoop loop, SimulatedProcess process, SimulatedNode node, Dice dice, IReadOnlyList<FaultKind> kinds)
{
    private const long Millisecond = TimeSpan.TicksPerMillisecond;

    private long nextStep = long.MaxValue;

    /// <summary>What a flip at rest replaced; to go back to where the node rightly refuses what it finds.</summary>
    public MemoryFileSystem? Undamaged { get; private set; }

    /// <summary>Faults so far.</summary>
    public int Count { get; private set; }

    public static IReadOnlyList<FaultKind> Drawn(Dice dice)
    {
        var all = Enum.GetValues<FaultKind>();
        var odds = dice.Of([150, 400, 800]);
        return [.. all.Where(_ => dice.Chance(odds))];
    }

    public void Begin() => nextStep = loop.Steps + Pause();

    /// <summary>Called between steps.</summary>
    public void Tick()
    {
        if (node.Standing == NodeStanding.Serving)
        {
            // It has read everything and found it whole: from here on there is no excuse.
            Undamaged = null;
        }

        if (loop.Steps >= nextStep && kinds.Count > 0)
        {
            nextStep = loop.Steps + Pause();
            Count++;
            Strike(dice.Of(kinds));
        }
    }

    /// <summary>Ends every fault; the disk is whole, wide and quick again.</summary>
    public void Heal()
    {
        nextStep = long.MaxValue;
        loop.Event($"all faults of {node.Name} end");
        node.Disk.Fates = null;
        node.Disk.Limit(null);
        node.Disk.Latency = DiskLatency.Usual;
    }

    /// <summary>The damaged bits are put right: from a backup, so to say.</summary>
    public void Undo()
    {
        if (Undamaged is { } whole)
        {
            loop.Event("the damage is undone");
            node.Disk.Replace(whole);
            Undamaged = null;
        }
    }

    /// <summary>Does it now.</summary>
    public void Strike(FaultKind kind)
    {
        switch (kind)
        {
            case FaultKind.LosePower:
                node.LosePower();
                break;
            case FaultKind.Kill:
                node.Kill();
                break;
            case FaultKind.Stop when node.Standing == NodeStanding.Serving:
                node.Stop();
                break;
            case FaultKind.Hold:
                node.Hold(dice.Scaled(5 * Millisecond, 1_500 * Millisecond));
                break;
            case FaultKind.FullDisk:
                var free = dice.Below(3) * dice.Scaled(100, 20_000);
                loop.Event($"the disk of {node.Name} has {free} bytes left");
                node.Disk.Limit(free);
                After(dice.Scaled(20 * Millisecond, 1_000 * Millisecond), () => node.Disk.Limit(null), $"the disk of {node.Name} has room");
                break;
            case FaultKind.SlowDisk:
                loop.Event($"the disk of {node.Name} is slow");
                node.Disk.Latency = DiskLatency.Slow;
                After(dice.Scaled(50 * Millisecond, 1_000 * Millisecond), () => node.Disk.Latency = DiskLatency.Usual, $"the disk of {node.Name} is quick");
                break;
            case FaultKind.FailedSync:
                node.Disk.Fates = _ =>
                {
                    node.Disk.Fates = null;
                    return SyncFate.Failed;
                };
                break;
            case FaultKind.ClockJump:
                node.ClockOffset += TimeSpan.FromMilliseconds(dice.Between(-20_000, 20_000));
                loop.Event($"the clock of {node.Name} is off by {node.ClockOffset}");
                break;
            case FaultKind.FlippedBit when node.Standing == NodeStanding.Serving:
                process.Begin(Flip);
                break;
        }
    }

    private long Pause() => dice.Scaled(50, 6_000);

    /// <summary>Stops the node in good order, so that everything it has is vouched for, and damages one bit.</summary>
    private async Task Flip()
    {
        node.Stop();
        while (node.Standing == NodeStanding.Changing)
        {
            await process.Delay(Millisecond);
        }

        if (node.Standing != NodeStanding.Down)
        {
            return;
        }

        var whole = node.Disk.Medium.CrashImage(dice.Source);
        node.Disk.Replace(whole.CrashImage(dice.Source));
        if (await Victim(node.Disk.Medium) is var (path, offset))
        {
            var bit = dice.Below(8);
            loop.Event($"bit {bit} of {path} at {offset} flips");
            node.Disk.Medium.FlipBit(path, offset, bit);
            Undamaged = whole;
        }
    }

    private async Task<(string Path, long Offset)?> Victim(MemoryFileSystem files)
    {
        var found = new List<(string Path, long Length)>();
        await Collect("/data");
        if (found.Count == 0)
        {
            return null;
        }

        var (path, length) = dice.Of(found);

        // Files are preallocated: most of what was written lies at the front.
        return (path, dice.Between(0, Math.Min(length, dice.Of([200L, 4_000L, length])) - 1));

        async Task Collect(string directory)
        {
            foreach (var entry in await files.ListAsync(directory, CancellationToken.None) ?? [])
            {
                var name = $"{directory}/{entry.Name}";
                if (entry.IsDirectory)
                {
                    await Collect(name);
                }
                else if (entry.Length > 0)
                {
                    found.Add((name, entry.Length));
                }
            }
        }
    }

    private void After(long ticks, Action end, string what) => process.Begin(async () =>
    {
        await process.Delay(ticks);
        loop.Event(what);
        end();
    });
}
