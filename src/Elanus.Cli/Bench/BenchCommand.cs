using System.CommandLine;
using Spectre.Console;

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
            var figures = await WireBench.Run(Math.Max(1, parsed.GetValue(rounds)), cancel);
            if (!figures.TryGet(out var measured, out var failure))
            {
                await parsed.InvocationConfiguration.Error.WriteLineAsync($"elanus: {failure.Sentence}");
                return ExitCodes.Failed;
            }

            Figure.Print(measured);
            return ExitCodes.Success;
        });
        return new("bench", "Measures.") { wire, Ingest(), Recovery(), Failover() };
    }

    private static Command Ingest()
    {
        var rounds = new Option<int>("--rounds") { HelpName = "N", Description = "Rounds of each measurement; medians over them are printed.", DefaultValueFactory = _ => 5 };
        var command = new Command("ingest", "How fast rows get in, against what the disk does, and what sealed ones cost in memory.") { rounds };
        command.SetAction(async (parsed, cancel) =>
        {
            var figures = await IngestBench.Run(Math.Max(1, parsed.GetValue(rounds)), cancel);
            if (!figures.TryGet(out var measured, out var failure))
            {
                await parsed.InvocationConfiguration.Error.WriteLineAsync($"elanus: {failure.Sentence}");
                return ExitCodes.Failed;
            }

            Figure.Print(measured);
            return ExitCodes.Success;
        });
        return command;
    }

    private static Command Recovery()
    {
        var rounds = new Option<int>("--rounds") { HelpName = "N", Description = "Starts of each server; medians over them are printed.", DefaultValueFactory = _ => 5 };
        var rows = new Option<int>("--rows") { HelpName = "N", Description = "Rows of the large server.", DefaultValueFactory = _ => 1_000_000 };
        var isLong = new Option<bool>("--long") { Description = "Also with a graph index, whose build alone takes minutes." };
        var command = new Command("recovery", "How the time to the ready line grows with the data.") { rounds, rows, isLong };
        command.SetAction(async (parsed, cancel) =>
        {
            var figures = await RecoveryBench.Run(
                Math.Max(1, parsed.GetValue(rows)), Math.Max(1, parsed.GetValue(rounds)), parsed.GetValue(isLong) ? ["FLAT", "HNSW"] : ["FLAT"], cancel);
            if (!figures.TryGet(out var measured, out var failure))
            {
                await parsed.InvocationConfiguration.Error.WriteLineAsync($"elanus: {failure.Sentence}");
                return ExitCodes.Failed;
            }

            Figure.Print(measured);
            return ExitCodes.Success;
        });
        return command;
    }

    private static Command Failover()
    {
        var kills = new Option<int>("--kills") { HelpName = "N", Description = "How often the active is killed; everything else shrinks with it.", DefaultValueFactory = _ => 1_000 };
        var only = new Option<string[]>("--only") { HelpName = "ROW", Description = "Measure only this row; may be given more than once." };
        only.AcceptOnlyFromAmong([.. FailoverBench.RowNames]);
        var command = new Command("failover", "What a client sees while actives are killed, stopped, cut off and replaced. Needs etcd.") { kills, only };
        command.SetAction(async (parsed, cancel) =>
        {
            using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancel);
            var whyNoHosts = OwnWorld.IsInside ? null : await OwnWorld.WhyNot(stop.Token);
            if (!OwnWorld.IsInside && whyNoHosts is null)
            {
                return await OwnWorld.Enter(stop.Token);
            }

            var left = OwnWorld.IsInside ? OwnWorld.Left() : Task.Delay(Timeout.InfiniteTimeSpan, TimeProvider.System, stop.Token);
            var running = FailoverBench.Run(new(Math.Max(1, parsed.GetValue(kills))), parsed.GetValue(only) ?? [], whyNoHosts, WideConsole.Of(AnsiConsole.Console), stop.Token);
            if (await Task.WhenAny(running, left) == left)
            {
                await stop.CancelAsync();
            }

            var figures = await running;
            if (!figures.TryGet(out var measured, out var failure))
            {
                await parsed.InvocationConfiguration.Error.WriteLineAsync($"elanus: {failure.Sentence}");
                return ExitCodes.Failed;
            }

            Figure.Print(measured);
            return ExitCodes.Success;
        });
        return command;
    }
}
