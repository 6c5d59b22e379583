using System.Collections.Concurrent;
using System.Diagnostics;
using System.Runtime.InteropServices;

namespace Elanus.Compat.Tests;

/// <summary>The program as a process of its own, on free ports over a temporary directory.</summary>
internal sealed partial class ServerProcess : IAsyncDisposable
{
    private const string Ready = "elanus: standalone is serving on ";
    private const int Sigterm = 15;
    private const int Sigcont = 18;
    private const int Sigstop = 19;

    private static readonly TimeSpan StartMax = TimeSpan.FromSeconds(60);
    private static readonly TimeSpan StopMax = TimeSpan.FromSeconds(30);

    private readonly Process process;
    private readonly IReadOnlyDictionary<string, string> environment;
    private readonly string folder;
    private readonly (int Port, string[] Flags) named;
    private readonly ConcurrentQueue<string> output;

    private ServerProcess(
        Process process, IReadOnlyDictionary<string, string> environment, string folder, (int Port, string[] Flags) named, ConcurrentQueue<string> output, string address)
    {
        this.process = process;
        this.environment = environment;
        this.folder = folder;
        this.named = named;
        this.output = output;
        Address = address;
    }

    /// <summary>HOST:PORT of the client port.</summary>
    public string Address { get; }

    public int Id => process.Id;

    /// <summary>Holds the data directory, <c>data</c>.</summary>
    public string Folder => folder;

    /// <summary>What the process has written, on both streams.</summary>
    public string Output => string.Join('\n', output);

    public static Task<ServerProcess> Start(IReadOnlyDictionary<string, string> environment) =>
        Start(environment, Directory.CreateTempSubdirectory("elanus-compat-").FullName);

    /// <summary>Over the directory <c>data</c> in a folder, which goes with the process.</summary>
    /// <param name="environment">What the process finds in its environment.</param>
    /// <param name="folder">Where the directory is.</param>
    /// <param name="port">The client port; 0 takes a free one.</param>
    /// <param name="flags">More of the command line.</param>
    public static async Task<ServerProcess> Start(IReadOnlyDictionary<string, string> environment, string folder, int port = 0, params string[] flags)
    {
        var start = TestedProgram.With(["run", "standalone", "--data", Path.Combine(folder, "data"), "--port", $"{port}", "--metrics-port", "0", .. flags]);
        start.WorkingDirectory = folder;
        start.RedirectStandardOutput = true;
        start.RedirectStandardError = true;
        foreach (var (name, value) in environment)
        {
            start.Environment[name] = value;
        }

        var output = new ConcurrentQueue<string>();
        var ready = new TaskCompletionSource<string>(TaskCreationOptions.RunContinuationsAsynchronously);
        var process = new Process { StartInfo = start, EnableRaisingEvents = true };
        void Take(string? line)
        {
            if (line is not null)
            {
                output.Enqueue(line);
                if (line.StartsWith(Ready, StringComparison.Ordinal))
                {
                    ready.TrySetResult(line[Ready.Length..]);
                }
            }
        }

        process.OutputDataReceived += (_, e) => Take(e.Data);
        process.ErrorDataReceived += (_, e) => Take(e.Data);
        process.Exited += (_, _) =>
        {
            // Its last lines come after its end.
            process.WaitForExit();
            ready.TrySetException(new InvalidOperationException($"the server ended before it was ready:\n{string.Join('\n', output)}"));
        };
        process.Start();
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
        try
        {
            return new(process, environment, folder, (port, flags), output, await ready.Task.WaitAsync(StartMax));
        }
        catch
        {
            process.Kill();
            throw;
        }
    }

    /// <summary>Asks the process to end, as a supervisor does; its exit code.</summary>
    public async Task<int> Stop()
    {
        if (!process.HasExited)
        {
            _ = Kill(process.Id, Sigterm);
        }

        await Exit();
        return process.ExitCode;
    }

    /// <summary>Freezes the process as it is (SIGSTOP), until <see cref="Continue"/>.</summary>
    public void Pause() => Assert.Equal(0, Kill(process.Id, Sigstop));

    public void Continue() => Assert.Equal(0, Kill(process.Id, Sigcont));

    /// <summary>Waits until the process has ended by itself; its exit code.</summary>
    public async Task<int> Ended()
    {
        await Exit();
        return process.ExitCode;
    }

    /// <summary>Kills the process with signal 9, and waits until whatever it started has ended too: nobody writes where it wrote.</summary>
    public async Task Kill()
    {
        process.Kill();
        await Exit();
    }

    /// <summary>Kills the process and whatever it started with signal 9.</summary>
    public async Task KillAll()
    {
        process.Kill(entireProcessTree: true);
        await Exit();
    }

    /// <summary>Kills the process with signal 9 and starts another over the same directory; this one is at its end then.</summary>
    public async Task<ServerProcess> KillAndRestart()
    {
        process.Kill();
        return await Restart();
    }

    /// <summary>Starts another process over the same directory, as this one was, once this one has ended; this one is at its end then.</summary>
    public async Task<ServerProcess> Restart()
    {
        await Exit();
        process.Dispose();
        return await Start(environment, folder, named.Port, named.Flags);
    }

    private async Task Exit()
    {
        try
        {
            await process.WaitForExitAsync().WaitAsync(StopMax);
        }
        catch (TimeoutException)
        {
            Assert.Fail($"the server did not end within {StopMax.TotalSeconds:0} s; it said:\n{Output}");
        }
    }

    public async ValueTask DisposeAsync()
    {
        try
        {
            await Stop();
        }
        finally
        {
            if (!process.HasExited)
            {
                // A supervisor that is killed leaves a server that hangs.
                process.Kill(entireProcessTree: true);
            }

            process.Dispose();
            Directory.Delete(folder, recursive: true);
        }
    }

    [LibraryImport("libc", EntryPoint = "kill")]
    private static partial int Kill(int process, int signal);
}
