#pragma warning disable RS0030 // Each seed has a thread to itself while it runs: its loop is the only scheduler there.
namespace Elanus.Simulation;

/// <summary>
/// Runs many seeds, one lane a core. Every hundredth runs twice, and its traces must be the same.
/// </summary>
/// <param name="first">The first seed.</param>
/// <param name="last">The last seed, included.</param>
/// <param name="lanes">Each runs one seed at a time to its outcome, on one thread, which is the caller's for the first; null where it was ended before the seed was.</param>
public sealed class SeedRange(ulong first, ulong last, IReadOnlyList<Func<ulong, SeedOutcome?>> lanes)
{
    private const ulong TwiceEvery = 100;

    private readonly Lock gate = new();
    private readonly SortedSet<ulong> underWay = [];
    private ulong next = first;
    private bool exhausted;
    private SeedOutcome? failed;

    /// <summary>Runs seeds in this process: a seed and all that it simulates stay on one thread.</summary>
    public SeedRange(ulong first, ulong last, int threads, SimulationOptions options)
        : this(first, last, [.. Enumerable.Repeat<Func<ulong, SeedOutcome?>>(seed => SeedRun.Of(seed, options), threads)])
    {
    }

    /// <summary>Seeds that ran to their end.</summary>
    public long Done { get; private set; }

    public long Operations { get; private set; }

    public long Faults { get; private set; }

    public long Repeated { get; private set; }

    /// <summary>The lowest failing seed that was found.</summary>
    public SeedOutcome? FirstFailed
    {
        get
        {
            lock (gate)
            {
                return failed;
            }
        }
    }

    /// <summary>The first seed that has not ended: a later run goes on from there.</summary>
    public ulong From
    {
        get
        {
            lock (gate)
            {
                return underWay.Count > 0 ? underWay.Min : next;
            }
        }
    }

    /// <summary>Runs until the last seed, a failure, or the cancellation. Blocks.</summary>
    public void Run(CancellationToken cancel)
    {
        var others = lanes.Skip(1).Select((lane, i) => new Thread(() => Work(lane, cancel), 16 << 20) { IsBackground = true, Name = $"seeds-{i + 1}" }).ToList();
        others.ForEach(thread => thread.Start());
        Work(lanes[0], cancel);
        others.ForEach(thread => thread.Join());
    }

    private void Work(Func<ulong, SeedOutcome?> run, CancellationToken cancel)
    {
        while (!cancel.IsCancellationRequested && Take() is { } seed && run(seed) is { } outcome)
        {
            var twice = seed % TwiceEvery == 0 && outcome.Held;
            if (!twice)
            {
                Count(outcome, twice);
            }
            else if (run(seed) is { } again)
            {
                var second = again.Violation is { } found ? $"; the second time: {found}" : "";
                Count(again.TraceHash != outcome.TraceHash ? again with { Violation = $"the same seed gave two traces, {outcome.TraceHash:x16} and {again.TraceHash:x16}{second}" } : again, twice);
            }
            else
            {
                return;
            }
        }
    }

    private ulong? Take()
    {
        lock (gate)
        {
            if (exhausted || failed is not null)
            {
                return null;
            }

            exhausted = next == last;
            underWay.Add(next);
            return next++;
        }
    }

    private void Count(SeedOutcome outcome, bool twice)
    {
        lock (gate)
        {
            Done++;
            underWay.Remove(outcome.Seed);
            Operations += outcome.Operations;
            Faults += outcome.Faults;
            Repeated += twice ? 1 : 0;
            if (!outcome.Held && (failed is null || outcome.Seed < failed.Seed))
            {
                failed = outcome;
            }
        }
    }
}
