using System.CommandLine;
using System.Globalization;
using Elanus.Primitives;
using Elanus.Server.Operations.Protocol;
using Spectre.Console;

namespace Elanus.Cli;

/// <summary>
/// <c>elanus demo failover</c>: a pair on this machine with an arbiter in a directory; one client writes and one searches while the active is killed again and
/// again. Each line is one kill and the longest time that the writer went without an answer; the last says what was lost.
/// </summary>
internal static class FailoverCommand
{
    private const int BarMs = 20;
    private const int BarMax = 60;
    private const int LineWidth = 160;
    private const int RowsPerInsert = 10;
    private const int Dimension = 8;

    private static readonly TimeSpan Settled = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan SearchPause = TimeSpan.FromMilliseconds(5);

    public static Command Create()
    {
        var kills = new Option<int>("--kills") { HelpName = "N", Description = "How often the active is killed.", DefaultValueFactory = _ => 5 };
        var plain = new Option<bool>("--plain") { Description = "Lines without colour." };
        var command = new Command("failover", "Kills the active of a pair with signal 9 while clients write and search, and counts what was lost.") { kills, plain };
        command.SetAction(async (parsed, cancel) =>
        {
            var console = parsed.GetValue(plain) ? AnsiConsole.Create(new() { Ansi = AnsiSupport.No, ColorSystem = ColorSystemSupport.NoColors }) : AnsiConsole.Console;
            console.Profile.Width = Math.Max(console.Profile.Width, LineWidth);
            var wrong = await Run(Math.Max(1, parsed.GetValue(kills)), console, TimeProvider.System, cancel);
            if (!wrong.Succeeded)
            {
                await parsed.InvocationConfiguration.Error.WriteLineAsync($"elanus: {wrong.Failure.Sentence}");
                return ExitCodes.Failed;
            }

            return wrong.Value == 0 ? ExitCodes.Success : ExitCodes.Failed;
        });
        return command;
    }

    /// <summary>Rows that were lost, and searches that gave a wrong answer or an old one.</summary>
    private static async Task<Result<long>> Run(int kills, IAnsiConsole console, TimeProvider time, CancellationToken cancel)
    {
        var folder = Path.Combine(Path.GetTempPath(), $"elanus-failover-{Environment.ProcessId}");
        var files = new RealFileSystem();
        try
        {
            if (!(await files.CreateDirectoryAsync($"{folder}/arbiter", cancel)).TryGet(out _, out var failure))
            {
                return failure;
            }

            var arbiter = $"dir:{folder}/arbiter";
            using var pair = new LocalCluster([NodeProcess.Start(new($"{folder}/first", arbiter)), NodeProcess.Start(new($"{folder}/second", arbiter))], time);
            console.MarkupLine("a pair is starting ...");
            if (!(await pair.Whole(cancel)).TryGet(out var active, out failure))
            {
                return failure;
            }

            var client = new NumberedRows("failover", Dimension, [.. pair.Nodes.Select(node => node.Channel)], time);
            await client.Create(cancel);
            using var enough = CancellationTokenSource.CreateLinkedTokenSource(cancel);
            var writing = client.Write(RowsPerInsert, TimeSpan.Zero, enough.Token);
            var searching = client.SearchStrong(SearchPause, enough.Token);
            var gaps = new List<double>();
            for (var kill = 1; kill <= kills; kill++)
            {
                await Task.Delay(Settled, time, cancel);
                _ = client.TakeLongestGap();
                var before = client.Acknowledged;
                Signals.Send(active.Pid, Signals.Kill);
                if (!(await pair.Whole(cancel, active.Epoch)).TryGet(out active, out failure))
                {
                    return failure;
                }

                gaps.Add(client.TakeLongestGap().TotalMilliseconds);
                Draw(console, kill, gaps[^1], active, client.Acknowledged - before);
            }

            await enough.CancelAsync();
            await Task.WhenAll(writing, searching);
            var (lost, doubled) = await client.Check(0, cancel);
            gaps.Sort();
            console.MarkupLineInterpolated(CultureInfo.InvariantCulture, $"kills {kills}, gap p50 {gaps[gaps.Count / 2]:0} ms, longest {gaps[^1]:0} ms, searches {client.Strong.Answered}, wrong or stale {client.Strong.Stale}, acknowledged {client.Acknowledged}, twice {doubled}, lost {lost}");
            return lost + client.Strong.Stale;
        }
        finally
        {
            await WireBench.Remove(files, folder);
        }
    }

    private static void Draw(IAnsiConsole console, int kill, double gapMs, NodeStatus active, long written)
    {
        var bar = new string('#', Math.Clamp((int)(gapMs / BarMs), 1, BarMax));
        console.MarkupLineInterpolated(CultureInfo.InvariantCulture, $"kill {kill,3}  gap {gapMs,6:0} ms  {bar}  then {active.Address} under epoch {active.Epoch}, {written} rows written meanwhile");
    }
}
