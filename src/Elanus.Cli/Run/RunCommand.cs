using System.CommandLine;
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
        var command = new Command("standalone", "Runs all roles in this one process.");
        options.AddTo(command);
        command.SetAction(async (parsed, cancel) =>
        {
            using var signals = new StopSignals();
            var outcome = await options.ReadAsync(parsed, files, cancel);
            if (outcome?.Configuration is not { } configuration)
            {
                return ExitCodes.Misconfigured;
            }

            var ended = await StandaloneHost.RunAsync(configuration, parsed.InvocationConfiguration.Output, signals.Stop);
            if (!ended.Succeeded)
            {
                await parsed.InvocationConfiguration.Error.WriteLineAsync($"elanus: {ended.Failure.Sentence}");
                return ExitCodes.Failed;
            }

            return ExitCodes.Success;
        });
        return command;
    }
}
