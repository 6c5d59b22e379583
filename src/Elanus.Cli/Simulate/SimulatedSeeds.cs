using Elanus.Primitives;
using Elanus.Simulation;

namespace Elanus.Cli;

/// <summary>Many seeds on all cores: progress every few seconds, a line of counts at the end, and the first failing seed with its command where there is one.</summary>
internal static class SimulatedSeeds
{
    private static readonly TimeSpan ProgressPeriod = TimeSpan.FromSeconds(5);

    public static int ForMinutes(double minutes, SimulationOptions options, CancellationToken cancel)
    {
        using var time = new CancellationTokenSource(TimeSpan.FromMinutes(minutes));
        using var either = CancellationTokenSource.CreateLinkedTokenSource(time.Token, cancel);
        var first = new SystemRandom().NextUInt64() % 1_000_000_000;
        Console.WriteLine($"seeds from {first} on, for {minutes} minutes");
        return Run(first, ulong.MaxValue, options, either.Token, time.Token);
    }

    public static int Range(ulong first, ulong last, SimulationOptions options, CancellationToken cancel) => Run(first, last, options, cancel, default);

    /// <summary>A core each, and no more than there are seeds; how many those are has no number where it is all of them.</summary>
    internal static int Workers(ulong first, ulong last) => 1 + (int)Math.Min((ulong)Environment.ProcessorCount - 1, last - first);

    private static int Run(ulong first, ulong last, SimulationOptions options, CancellationToken stop, CancellationToken expected)
    {
        List<SeedWorker> workers = [.. Enumerable.Range(0, Workers(first, last)).Select(_ => new SeedWorker(options.Nodes, stop))];
        var range = new SeedRange(first, last, [.. workers.Select(worker => (Func<ulong, SeedOutcome?>)worker.Run)]);
        var clock = TimeProvider.System;
        var started = clock.GetTimestamp();
        using (clock.CreateTimer(_ => Progress(range, clock.GetElapsedTime(started)), null, ProgressPeriod, ProgressPeriod))
        {
            range.Run(stop);
        }

        workers.ForEach(worker => worker.Dispose());
        var seconds = workers.Sum(worker => worker.ProcessorTime.TotalSeconds);
        Console.WriteLine($"{range.Done / Math.Max(seconds, 0.001):0} seeds a second on one core ({seconds:0.0} s of processor time)");
        if (range.FirstFailed is { } failed)
        {
            foreach (var detail in failed.Details.Prepend(failed.Line))
            {
                Console.WriteLine(detail);
            }

            Console.WriteLine($"{range.Done} seeds, {range.Operations} operations, {range.Faults} faults, {range.Repeated} run twice; first failing seed {failed.Seed}: {SimulateCommand.Again(failed.Seed, options.Nodes)}");
            return ExitCodes.Failed;
        }

        var cut = stop.IsCancellationRequested && !expected.IsCancellationRequested ? $", stopped before the end; go on with{(options.Nodes > 1 ? $" --nodes {options.Nodes}" : "")} --seeds {range.From}..{last}" : "";
        Console.WriteLine($"{range.Done} seeds, {range.Operations} operations, {range.Faults} faults, {range.Repeated} run twice: all checks held{cut}");
        return cut.Length > 0 ? ExitCodes.Failed : ExitCodes.Success;
    }

    private static void Progress(SeedRange range, TimeSpan elapsed) =>
        Console.WriteLine($"{range.Done} seeds in {elapsed.TotalSeconds:0} s, {range.Done / elapsed.TotalSeconds:0.0} a second; all before {range.From} held");
}
