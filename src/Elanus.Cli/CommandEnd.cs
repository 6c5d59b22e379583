using System.CommandLine;
using System.Runtime.InteropServices;

namespace Elanus.Cli;

/// <summary>
/// How a command ends: none without a word. One that was stopped says so, and its exit code is the signal's, as a shell gives it; a fault that nobody expected is told with
/// where it happened, and so is a cancellation that nobody asked for.
/// </summary>
internal static class CommandEnd
{
    /// <summary>Runs a command to its end; its exit code.</summary>
    /// <param name="parsed">What was asked for.</param>
    /// <param name="configuration">Where it writes; the library's own handling of signals and faults is switched off in it.</param>
    /// <param name="signal">The signal that has asked it to stop.</param>
    /// <param name="stop">Asks it to stop.</param>
    public static async Task<int> Of(ParseResult parsed, InvocationConfiguration configuration, Func<PosixSignal?> signal, CancellationToken stop)
    {
        // A server drains longer than the library's two seconds, and the library takes every cancellation for an end that needs no word.
        configuration.ProcessTerminationTimeout = null;
        configuration.EnableDefaultExceptionHandler = false;
        try
        {
            var code = await parsed.InvokeAsync(configuration, stop);
            return code == ExitCodes.Failed && parsed.Errors.Count > 0 ? Unanswered(parsed) : code;
        }
        catch (OperationCanceledException) when (stop.IsCancellationRequested || OwnWorld.IsInside)
        {
            return await Stopped("");
        }
        catch (Exception cutShort) when (stop.IsCancellationRequested && !IsServer(parsed))
        {
            // A bench takes a call that fails for a broken invariant, and what is stopped fails its calls. A server has to end in order.
            return await Stopped($" ({cutShort.Message})");
        }
        catch (Exception fault)
        {
            await configuration.Error.WriteLineAsync($"elanus: this is a fault of the program, or of the machine under it: {fault}");
            return Unanswered(parsed);
        }

        async Task<int> Stopped(string more)
        {
            var (by, code) = signal() switch { PosixSignal.SIGTERM => (" by SIGTERM", 15), PosixSignal.SIGINT => (" by SIGINT", 2), _ => ("", 2) };
            await configuration.Error.WriteLineAsync($"elanus: stopped{by} before it was done{more}");
            return ExitCodes.Signalled + code;
        }
    }

    /// <summary>What a command gives that could not do its work; to <c>healthz</c> 1 would be an answer.</summary>
    private static int Unanswered(ParseResult parsed) => parsed.CommandResult.Command.Name == HealthCommand.Name ? HealthCommand.ServesNot : ExitCodes.Failed;

    private static bool IsServer(ParseResult parsed) => parsed.CommandResult.Command.Parents.Any(parent => parent.Name == "run");
}
