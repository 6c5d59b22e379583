using System.CommandLine;
using System.Diagnostics;
using System.Globalization;
using Elanus.Log;
using Elanus.Primitives;
using Elanus.Server;

namespace Elanus.Cli;

/// <summary><c>elanus run ROLE</c>: reads the configuration, runs the role until a signal ends it.</summary>
internal static class RunCommand
{
    public static Command Create(IFileSystem files) => new("run", "Runs a server.") { Standalone(files) };

    private static Command Standalone(IFileSystem files)
    {
        var options = new ServerOptions();
        var alone = new Option<bool>("--no-supervisor") { Description = "With --cluster: run the server itself, for systemd and containers, which start it again themselves." };
        var format = new Option<ushort>("--write-format") { Hidden = true, DefaultValueFactory = _ => RecordHeader.CurrentFormat };
        format.AcceptOnlyFromAmong([.. new[] { RecordHeader.PreviousFormat, RecordHeader.CurrentFormat }.Select(known => known.ToString(CultureInfo.InvariantCulture))]);
        var syncDelay = new Option<int>("--inject-sync-delay") { HelpName = "MS", Description = "Makes every fsync last so much longer; for benches.", Hidden = true };
        var command = new Command("standalone", "Runs all roles in this one process.") { alone, format, syncDelay };
        options.AddTo(command);
        command.SetAction(async (parsed, cancel) =>
        {
            using var life = SupervisedLife.FromEnvironment();
            var complaints = new ServerWords(parsed.InvocationConfiguration.Error);
            var outcome = await options.ReadAsync(parsed, files, complaints, cancel);
            if (outcome?.Configuration is not { } configuration)
            {
                return ExitCodes.Misconfigured;
            }

            configuration = configuration with { Log = configuration.Log with { NewestFormat = parsed.GetValue(format) } };
            var output = new ServerWords(parsed.InvocationConfiguration.Output);
            var disk = parsed.GetValue(syncDelay) is > 0 and var ms ? new CountingFileSystem(files, TimeProvider.System) { SyncDelay = TimeSpan.FromMilliseconds(ms) } : files;
            if (!configuration.Cluster.IsClustered)
            {
                return await Ended(await StandaloneHost.RunAsync(configuration, disk, output, cancel), complaints);
            }

            if (life is null && !parsed.GetValue(alone))
            {
                return await new Supervisor(Again, (epoch, patience) => EndedEpoch.Tell(configuration, epoch, patience), ClusterHost.EndPatience(configuration), complaints, TimeProvider.System).RunAsync(cancel);
            }

            return (await ClusterHost.RunAsync(configuration, disk, life, output, cancel)).TryGet(out var end, out var failure)
                ? end switch { ClusterEnd.StartsAgain => Supervisor.StartsAgain, ClusterEnd.Overtaken => Supervisor.Overtaken, _ => ExitCodes.Success }
                : await Ended(failure, complaints);
        });
        return command;
    }

    private static async Task<int> Ended(Result<Unit> ended, TextWriter complaints)
    {
        if (ended.Succeeded)
        {
            return ExitCodes.Success;
        }

        await complaints.WriteLineAsync($"elanus: {ended.Failure.Sentence}");
        return ended.Failure.Code == FailureCode.InvalidParameter ? ExitCodes.Misconfigured : ExitCodes.Failed;
    }

    /// <summary>This program once more, with the same arguments.</summary>
    private static ProcessStartInfo Again() => new(OwnProgram.Command[0], [.. OwnProgram.Command.Skip(1), .. Environment.GetCommandLineArgs().Skip(1)]);
}
