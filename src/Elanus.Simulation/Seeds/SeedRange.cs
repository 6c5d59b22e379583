#pragma warning disable RS0030 // Each seed has a thread to itself while it runs: its loop is the only scheduler there.
namespace Elanus.Simulation;

/// <summary>
/// Runs many seeds, one thread a core: a seed and all that it simulates stay on one thread. Every hundredth runs twice, and its traces must
/// be the same.
/// </summary>
public sealed class SeedRange(ulong first, ulong last, int threads, SimulationOptions options)
{
    private const ulong TwiceEvery = 100;

    private readonly Lock gate = new();
    private readonly SortedSet<ulong> underWay = [];
    private ulong next = first;
    private bool exhausted;
    private SeedOutcome? failed;

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
        var others = Enumerable.Range(1, threads - 1).Select(i => new Thread(() => Work(cancel), 16 << 20) { IsBackground = true, Name = $"seeds-{i}" }).ToList();
        others.ForEach(thread => thread.Start());
        Work(cancel);
        others.ForEach(thread => thread.Join());
    }

    private void Work(CancellationToken cancel)
    {
        while (!cancel.IsCancellationRequested && Take() is { } seed)
        {
            var outcome = SeedRun.Of(seed, options);
            var twice = seed % TwiceEvery == 0;
            if (twice && outcome.Held && SeedRun.Of(seed, options) is var again && again.TraceHash != outcome.TraceHash)
            {
                outcome = outcome with { Violation = $"the same seed gave two traces, {outcome.TraceHash:x16} and {again.TraceHash:x16}" };
            }

            Count(outcome, twice);
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
