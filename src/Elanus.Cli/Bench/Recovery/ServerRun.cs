using System.Diagnostics;
using System.Runtime.InteropServices;
using Elanus.Primitives;

namespace Elanus.Cli;

/// <summary>This program as a server process of its own, on free ports.</summary>
internal sealed partial class ServerRun : IAsyncDisposable
{
    private const int Sigterm = 15;

    private readonly Process process;

    private ServerRun(Process process, string address, TimeSpan toReady)
    {
        this.process = process;
        Address = address;
        ToReady = toReady;
    }

    public string Address { get; }

    /// <summary>From the process's start to its ready line.</summary>
    public TimeSpan ToReady { get; }

    public static async Task<Result<ServerRun>> Start(string data, TimeProvider time, CancellationToken cancel)
    {
        var start = new ProcessStartInfo(OwnProgram.Command[0], [.. OwnProgram.Command.Skip(1), "run", "standalone", "--data", data, "--port", "0", "--metrics-port", "0"])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        start.Environment["LOG_LEVEL"] = "warn";
        using var ready = new ReadyLine();
        var process = new Process { StartInfo = start, EnableRaisingEvents = true };
        var errors = new List<string>();
        var ended = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        process.OutputDataReceived += (_, e) => ready.WriteLine(e.Data);
        process.ErrorDataReceived += (_, e) => errors.Add(e.Data ?? "");
        process.Exited += (_, _) => ended.TrySetResult();
        var begun = time.GetTimestamp();
        process.Start();
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
        try
        {
            if (await Task.WhenAny(ready.Address, ended.Task).WaitAsync(cancel) == ended.Task)
            {
                process.Dispose();
                return new Failure(FailureCode.Unavailable, $"the server ended before it was ready: {string.Join(' ', errors)}");
            }

            return new ServerRun(process, await ready.Address, time.GetElapsedTime(begun));
        }
        catch (OperationCanceledException)
        {
            await End(process);
            throw;
        }
    }

    /// <summary>Asks the server to end, and waits for it.</summary>
    public async ValueTask DisposeAsync() => await End(process);

    private static async Task End(Process process)
    {
        if (!process.HasExited)
        {
            _ = Kill(process.Id, Sigterm);
            await process.WaitForExitAsync();
        }

        process.Dispose();
    }

    [LibraryImport("libc", EntryPoint = "kill")]
    private static partial int Kill(int process, int signal);
}
