using System.Diagnostics;
using Elanus.Primitives;

namespace Elanus.Cli;

/// <summary>This program, to be started once more.</summary>
internal static class OwnProgram
{
    /// <summary>What a command line begins with: the program's file, behind <c>dotnet</c> where it runs under that.</summary>
    public static IReadOnlyList<string> Command { get; } =
        Path.GetFileNameWithoutExtension(Environment.ProcessPath) == "dotnet" ? [Environment.ProcessPath!, Environment.GetCommandLineArgs()[0]] : [Environment.ProcessPath!];

    /// <summary>Runs it to its end; its exit code, and how long that took from before its start.</summary>
    public static async Task<(int ExitCode, TimeSpan Took)> Run(IEnumerable<string> arguments, TimeProvider time, CancellationToken cancel)
    {
        var begun = time.GetTimestamp();
        using var process = new Process { StartInfo = new(Command[0], [.. Command.Skip(1), .. arguments]) { RedirectStandardOutput = true, RedirectStandardError = true } };
        Invariant.Holds(process.Start(), "this program cannot start itself");
        try
        {
            await Task.WhenAll(process.StandardOutput.ReadToEndAsync(cancel), process.StandardError.ReadToEndAsync(cancel));
            await process.WaitForExitAsync(cancel);
        }
        catch (OperationCanceledException)
        {
            process.Kill();
            throw;
        }

        return (process.ExitCode, time.GetElapsedTime(begun));
    }
}
