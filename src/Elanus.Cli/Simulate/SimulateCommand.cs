using System.CommandLine;
using System.Globalization;
using Elanus.Simulation;

namespace Elanus.Cli;

/// <summary><c>elanus simulate</c>: whole nodes in virtual time under faults, from a seed; every check that fails is named with its seed.</summary>
internal static class SimulateCommand
{
    private const int NodesMax = 5;

    public static Command Create()
    {
        var seed = new Option<ulong?>("--seed") { HelpName = "N", Description = "One seed; the last line is its result and the hash of its trace." };
        var seeds = new Option<string?>("--seeds") { HelpName = "A..B", Description = "All seeds from A to B, both included." };
        var minutes = new Option<double?>("--minutes") { HelpName = "M", Description = "New seeds for so long, from one drawn at the start." };
        var nodes = new Option<int>("--nodes") { HelpName = "N", DefaultValueFactory = _ => 1, Description = "1: a node alone; 2 to 5: a cluster of so many and an arbiter." };
        var trace = new Option<bool>("--trace") { Description = "With --seed: every event with its virtual time." };
        var worker = new Option<bool>(SeedWorker.Option) { Hidden = true };
        var command = new Command("simulate", "Runs nodes in virtual time under faults, and checks them.") { seed, seeds, minutes, nodes, trace, worker };
        command.SetAction((parsed, cancel) =>
        {
            var given = new object?[] { parsed.GetValue(seed), parsed.GetValue(seeds), parsed.GetValue(minutes) }.Count(value => value is not null);
            if (given == 0 && parsed.GetValue(worker))
            {
                SeedWorker.Serve(parsed.GetValue(nodes), Console.In, Console.Out, () => Environment.Exit(ExitCodes.Failed));
                return Task.FromResult(ExitCodes.Success);
            }

            if (given != 1)
            {
                return Refused(parsed, "simulate takes one of --seed N, --seeds A..B and --minutes M");
            }

            if (parsed.GetValue(nodes) is not (>= 1 and <= NodesMax) and var wrong)
            {
                return Refused(parsed, $"--nodes must be from 1 to {NodesMax}, not {wrong}");
            }

            var options = new SimulationOptions { Nodes = parsed.GetValue(nodes) };
            if (parsed.GetValue(seed) is { } one)
            {
                return Task.FromResult(One(one, Console.Out, options with { Listener = parsed.GetValue(trace) ? Console.WriteLine : null }));
            }

            if (parsed.GetValue(minutes) is { } duration)
            {
                return duration > 0 && double.IsFinite(duration)
                    ? Task.FromResult(SimulatedSeeds.ForMinutes(duration, options, cancel))
                    : Refused(parsed, $"--minutes must be above 0, not {duration}");
            }

            return TryRange(parsed.GetValue(seeds)!, out var range)
                ? Task.FromResult(SimulatedSeeds.Range(range.First, range.Last, options, cancel))
                : Refused(parsed, $"--seeds takes two numbers as A..B with A not above B, not {parsed.GetValue(seeds)}");
        });
        return command;
    }

    /// <summary>Runs a seed and says how it ended; the last line of a failure ends with the command that repeats it.</summary>
    internal static int One(ulong seed, TextWriter output, SimulationOptions options)
    {
        var outcome = SeedRun.Of(seed, options);
        output.WriteLine($"{outcome.Operations} operations ({outcome.Answered} answered, {outcome.Unknown} with unknown outcome), {outcome.Faults} faults, {outcome.Starts} starts, {outcome.Compared} comparisons, {outcome.Steps} steps");
        foreach (var detail in outcome.Details)
        {
            output.WriteLine(detail);
        }

        output.WriteLine(outcome.Held ? outcome.Line : $"{outcome.Line}; again: {Again(seed, options.Nodes)}");
        return outcome.Held ? ExitCodes.Success : ExitCodes.Failed;
    }

    /// <summary>The command that repeats a seed.</summary>
    public static string Again(ulong seed, int nodes) => $"./elanus simulate{(nodes > 1 ? $" --nodes {nodes}" : "")} --seed {seed}";

    private static bool TryRange(string text, out (ulong First, ulong Last) range)
    {
        range = default;
        var parts = text.Split("..");
        return parts.Length == 2
            && ulong.TryParse(parts[0], NumberStyles.None, CultureInfo.InvariantCulture, out range.First)
            && ulong.TryParse(parts[1], NumberStyles.None, CultureInfo.InvariantCulture, out range.Last)
            && range.First <= range.Last;
    }

    private static async Task<int> Refused(ParseResult parsed, string why)
    {
        await parsed.InvocationConfiguration.Error.WriteLineAsync($"elanus: {why}");
        return ExitCodes.Misconfigured;
    }
}
