using System.Diagnostics;
using Elanus.Primitives;

namespace Elanus.Cli;

/// <summary>A program that this process started and ends, by its own id; the last of what it said is kept.</summary>
internal sealed class LocalProcess : IDisposable
{
    private const int LinesMax = 40;

    private static readonly TimeSpan EndPatience = TimeSpan.FromSeconds(15);

    private readonly Process process;
    private readonly Queue<string> said = new();

    private LocalProcess(Process process)
    {
        this.process = process;
        process.OutputDataReceived += (_, line) => Keep(line.Data);
        process.ErrorDataReceived += (_, line) => Keep(line.Data);
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
    }

    public int Id => process.Id;

    public bool HasEnded => process.HasExited;

    /// <summary>The last lines of its output, joined.</summary>
    public string Said
    {
        get
        {
            lock (said)
            {
                return string.Join(" | ", said);
            }
        }
    }

    /// <summary>A failure says that there is no such program.</summary>
    public static Result<LocalProcess> Start(string program, IEnumerable<string> arguments, IReadOnlyDictionary<string, string>? environment = null)
    {
        var start = new ProcessStartInfo(program, arguments) { RedirectStandardOutput = true, RedirectStandardError = true };
        foreach (var (name, value) in environment ?? new Dictionary<string, string>())
        {
            start.Environment[name] = value;
        }

        try
        {
            return new LocalProcess(Process.Start(start)!);
        }
        catch (System.ComponentModel.Win32Exception missing)
        {
            return new Failure(FailureCode.NotSupported, $"{program} cannot be started: {missing.Message}");
        }
    }

    /// <summary>Runs a program to its end; its exit code and what it said.</summary>
    public static async Task<(int Code, string Said)> Run(string program, IEnumerable<string> arguments, CancellationToken cancel)
    {
        var started = Start(program, arguments);
        if (!started.TryGet(out var process, out var failure))
        {
            return (-1, failure.Sentence);
        }

        using (process)
        {
            await process.process.WaitForExitAsync(cancel);
            return (process.process.ExitCode, process.Said);
        }
    }

    /// <summary>As <see cref="Run"/>, for short programs, at once.</summary>
    public static (int Code, string Said) RunNow(string program, IEnumerable<string> arguments)
    {
        using var process = Process.Start(new ProcessStartInfo(program, arguments) { RedirectStandardError = true })!;
        var said = process.StandardError.ReadToEnd().Trim();
        process.WaitForExit();
        return (process.ExitCode, said);
    }

    public void Signal(int signal) => Signals.Send(process.Id, signal);

    /// <summary>Asks it to end, then makes it.</summary>
    public void Dispose()
    {
        if (!process.HasExited)
        {
            Signal(Signals.Terminate);
            if (!process.WaitForExit(EndPatience))
            {
                process.Kill(entireProcessTree: true);
            }
        }

        process.Dispose();
    }

    private void Keep(string? line)
    {
        if (line is null)
        {
            return;
        }

        lock (said)
        {
            said.Enqueue(line);
            if (said.Count > LinesMax)
            {
                said.Dequeue();
            }
        }
    }
}
