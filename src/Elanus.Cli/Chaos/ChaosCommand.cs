using System.CommandLine;
using System.Globalization;
using Elanus.Primitives;
using Spectre.Console;

namespace Elanus.Cli;

/// <summary><c>elanus chaos</c>: three nodes and three members of etcd, each on a machine of its own (a network namespace), and one fault after another; at the end what clients were told is checked.</summary>
internal static class ChaosCommand
{
    public static Command Create()
    {
        var minutes = new Option<double>("--minutes") { HelpName = "M", Description = "How long faults go on: longer where each kind of fault has not come once by then. Faults that last longer than half of it are left out.", DefaultValueFactory = _ => 5 };
        var seed = new Option<ulong?>("--seed") { HelpName = "N", Description = "Chooses the faults; drawn where it is not given, and printed." };
        var command = new Command("chaos", "Kills, stops, cuts and fills up real nodes while clients write and read, and checks what they were told. Needs root, etcd and iptables.") { minutes, seed };
        command.SetAction(async (parsed, cancel) =>
        {
            using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancel);
            var error = parsed.InvocationConfiguration.Error;
            if (!OwnWorld.IsInside)
            {
                if (await OwnWorld.WhyNot(stop.Token) is { } why)
                {
                    await error.WriteLineAsync($"elanus: skipped: {why}");
                    return ExitCodes.Failed;
                }

                return await OwnWorld.Enter(stop.Token);
            }

            var chosen = parsed.GetValue(seed) ?? new SystemRandom().NextUInt64() % 1_000_000;
            var running = ChaosRun.Run(TimeSpan.FromMinutes(parsed.GetValue(minutes)), chosen, WideConsole.Of(AnsiConsole.Console), stop.Token);
            if (await Task.WhenAny(running, OwnWorld.Left()) != running)
            {
                await stop.CancelAsync();
            }

            if (!(await running).TryGet(out var outcome, out var failure))
            {
                await error.WriteLineAsync($"elanus: seed {chosen}: {failure.Sentence}");
                return ExitCodes.Failed;
            }

            await parsed.InvocationConfiguration.Output.WriteLineAsync(string.Create(CultureInfo.InvariantCulture, $"seed {chosen}: {outcome}"));
            return outcome.IsGood ? ExitCodes.Success : ExitCodes.Failed;
        });
        return command;
    }
}
