using System.CommandLine;
using System.Globalization;
using Elanus.Primitives;
using Elanus.Server;
using Spectre.Console;

namespace Elanus.Cli;

/// <summary><c>elanus verify DIR</c>: reads everything in a stopped server's directory and says what is damaged, where, and what its state is.</summary>
internal static class VerifyCommand
{
    public static Command Create(IFileSystem files)
    {
        var path = new Argument<string>("DIR") { Description = "The data directory of a server that is not running." };
        var command = new Command("verify", "Checks every checksum in a data directory; prints the log's end, its epochs and a hash of the state.") { path };
        command.SetAction(async (parsed, cancel) =>
        {
            await using var work = new PooledWork();
            Result<DirectoryReport> report = default;
            await AnsiConsole.Status().StartAsync("reading", async status =>
                report = await DirectoryInspection.Run(
                    files, Path.GetFullPath(parsed.GetValue(path)!), work, what => status.Status(Markup.Escape($"reading {what}")), cancel));
            if (!report.TryGet(out var found, out var failure))
            {
                await parsed.InvocationConfiguration.Error.WriteLineAsync($"elanus: {failure.Sentence}");
                return ExitCodes.Failed;
            }

            await Print(found, parsed.InvocationConfiguration.Output);
            return found.Faults.Count == 0 ? ExitCodes.Success : ExitCodes.Failed;
        });
        return command;
    }

    private static async Task Print(DirectoryReport report, TextWriter output)
    {
        var table = new Table { Border = TableBorder.Rounded };
        table.AddColumn("file").AddColumn("holds").AddColumn("checksums");
        foreach (var file in report.Files)
        {
            table.AddRow(Markup.Escape(Path.GetFileName(file.Path)), Markup.Escape(file.What), file.Faults.Count == 0 ? "[green]whole[/]" : "[red]damaged[/]");
        }

        AnsiConsole.Write(table);
        await output.WriteLineAsync($"node {report.Node}");
        await output.WriteLineAsync($"log: from record {report.Log.Front} to record {report.Log.End.Position.Number}, last timestamp {Restoration.Time(report.Log.End.Timestamp)}");
        await output.WriteLineAsync($"epochs: {string.Join(" -> ", report.Log.Chain.Fences.Select(f => $"{f.Epoch} from record {f.Position.Number}").Prepend($"{report.Log.Chain.Before}"))}");
        await output.WriteLineAsync($"a start uses: {(report.Recovery is { } name ? $"checkpoint {name}, and the log behind it" : "the log alone")}");
        if (report.State is { } state)
        {
            await output.WriteLineAsync(string.Create(
                CultureInfo.InvariantCulture, $"state at record {state.Position.Number}: {state.Collections} collections, {state.Rows} rows, hash {state.Hash:x16}"));
        }

        else
        {
            await output.WriteLineAsync("the state cannot be recovered from what is here");
        }

        foreach (var fault in report.Faults)
        {
            await output.WriteLineAsync($"DAMAGED: {fault}");
        }

        await output.WriteLineAsync(report.Faults.Count == 0 ? "everything is whole" : $"{report.Faults.Count} faults");
    }
}
