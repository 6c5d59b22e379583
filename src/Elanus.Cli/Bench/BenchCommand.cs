using System.CommandLine;

namespace Elanus.Cli;

/// <summary><c>elanus bench NAME</c>: prints figures, each as a ratio within one run, and says at the end which are reached.</summary>
internal static class BenchCommand
{
    public static Command Create()
    {
        var rounds = new Option<int>("--rounds") { HelpName = "N", Description = "Rounds of each measurement; medians over them are printed.", DefaultValueFactory = _ => 5 };
        var wire = new Command("wire", "What the protocol costs: calls against plain HTTP/2, inserts and searches against echoes.") { rounds };
        wire.SetAction(async (parsed, cancel) =>
        {
            using var signals = new StopSignals();
            using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancel, signals.Stop);
            var figures = await WireBench.Run(Math.Max(1, parsed.GetValue(rounds)), stop.Token);
            if (!figures.TryGet(out var measured, out var failure))
            {
                await parsed.InvocationConfiguration.Error.WriteLineAsync($"elanus: {failure.Sentence}");
                return ExitCodes.Failed;
            }

            Figure.Print(measured);
            return ExitCodes.Success;
        });
        return new("bench", "Measures.") { wire };
    }
}
