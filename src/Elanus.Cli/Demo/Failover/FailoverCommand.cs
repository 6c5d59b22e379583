using System.CommandLine;
using System.Globalization;
using Elanus.Primitives;
using Elanus.Server.Operations.Protocol;
using Spectre.Console;

namespace Elanus.Cli;

/// <summary>
/// <c>elanus demo failover</c>: a pair on this machine with an arbiter in a directory; a client writes while the active is killed again and again. Each
/// line is one kill and the longest time that the client went without an answer; the last says what was lost.
/// </summary>
internal static class FailoverCommand
{
    private const int BarMs = 20;
    private const int BarMax = 60;
    private const int LineWidth = 160;

    private static readonly TimeSpan WholeMax = TimeSpan.FromSeconds(60);
    private static readonly TimeSpan LookAgain = TimeSpan.FromMilliseconds(50);
    private static readonly TimeSpan Settled = TimeSpan.FromSeconds(1);

    public static Command Create()
    {
        var kills = new Option<int>("--kills") { HelpName = "N", Description = "How often the active is killed.", DefaultValueFactory = _ => 5 };
        var plain = new Option<bool>("--plain") { Description = "Lines without colour." };
        var command = new Command("failover", "Kills the active of a pair with signal 9 while a client writes, and counts what was lost.") { kills, plain };
        command.SetAction(async (parsed, cancel) =>
        {
            using var signals = new StopSignals();
            using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancel, signals.Stop);
            var console = parsed.GetValue(plain) ? AnsiConsole.Create(new() { Ansi = AnsiSupport.No, ColorSystem = ColorSystemSupport.NoColors }) : AnsiConsole.Console;
            console.Profile.Width = Math.Max(console.Profile.Width, LineWidth);
            var lost = await Run(Math.Max(1, parsed.GetValue(kills)), console, TimeProvider.System, stop.Token);
            if (!lost.Succeeded)
            {
                await parsed.InvocationConfiguration.Error.WriteLineAsync($"elanus: {lost.Failure.Sentence}");
                return ExitCodes.Failed;
            }

            return lost.Value == 0 ? ExitCodes.Success : ExitCodes.Failed;
        });
        return command;
    }

    private static async Task<Result<int>> Run(int kills, IAnsiConsole console, TimeProvider time, CancellationToken cancel)
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
            using var first = NodeProcess.Start(folder, "first", arbiter);
            using var second = NodeProcess.Start(folder, "second", arbiter);
            NodeProcess[] nodes = [first, second];
            console.MarkupLine("a pair is starting ...");
            if (!(await Whole(nodes, time, cancel)).TryGet(out var active, out failure))
            {
                return failure;
            }

            var client = new FailoverClient([first.Channel, second.Channel], time);
            if (await client.Create(cancel) is { } wrong)
            {
                return wrong;
            }

            using var enough = CancellationTokenSource.CreateLinkedTokenSource(cancel);
            var writing = client.Write(enough.Token);
            var gaps = new List<double>();
            for (var kill = 1; kill <= kills; kill++)
            {
                await Task.Delay(Settled, time, cancel);
                _ = client.TakeLongestGap();
                var before = client.Acknowledged;
                NodeProcess.KillServer(active);
                if (!(await Whole(nodes, time, cancel, active.Epoch)).TryGet(out active, out failure))
                {
                    return failure;
                }

                gaps.Add(client.TakeLongestGap().TotalMilliseconds);
                Draw(console, kill, gaps[^1], active, client.Acknowledged - before);
            }

            await enough.CancelAsync();
            await writing;
            if (!(await client.Lost(cancel)).TryGet(out var lost, out failure))
            {
                return failure;
            }

            gaps.Sort();
            console.MarkupLineInterpolated(CultureInfo.InvariantCulture, $"kills {kills}, gap p50 {gaps[gaps.Count / 2]:0} ms, longest {gaps[^1]:0} ms, acknowledged {client.Acknowledged}, lost {lost}");
            return lost;
        }
        finally
        {
            await WireBench.Remove(files, folder);
        }
    }

    /// <summary>Waits until one node is active, above an epoch, and both are in sync.</summary>
    private static async Task<Result<NodeStatus>> Whole(NodeProcess[] nodes, TimeProvider time, CancellationToken cancel, ulong above = 0)
    {
        var started = time.GetTimestamp();
        while (time.GetElapsedTime(started) < WholeMax)
        {
            foreach (var node in nodes)
            {
                if (await node.Status(cancel) is { Role: "active", Serving: true } status && status.Epoch > above && status.InSync.Count == nodes.Length)
                {
                    return status;
                }
            }

            await Task.Delay(LookAgain, time, cancel);
        }

        return new Failure(FailureCode.Unavailable, $"the pair was not whole within {WholeMax.TotalSeconds:0} s");
    }

    private static void Draw(IAnsiConsole console, int kill, double gapMs, NodeStatus active, int written)
    {
        var bar = new string('#', Math.Clamp((int)(gapMs / BarMs), 1, BarMax));
        console.MarkupLineInterpolated(CultureInfo.InvariantCulture, $"kill {kill,3}  gap {gapMs,6:0} ms  {bar}  then {active.Address} under epoch {active.Epoch}, {written} rows written meanwhile");
    }
}
