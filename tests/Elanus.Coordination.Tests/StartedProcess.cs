using System.Diagnostics;
using System.Text;

namespace Elanus.Coordination.Tests;

/// <summary>A program that a test started and ends, by its own id; what it said is kept for when it goes wrong.</summary>
internal sealed class StartedProcess : IDisposable
{
    private readonly Process process;
    private readonly StringBuilder said = new();

    public StartedProcess(string program, params string[] arguments)
    {
        var start = new ProcessStartInfo(program, arguments) { RedirectStandardOutput = true, RedirectStandardError = true };
        process = new() { StartInfo = start };
        process.OutputDataReceived += (_, line) => Keep(line.Data);
        process.ErrorDataReceived += (_, line) => Keep(line.Data);
        process.Start();
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
        AppDomain.CurrentDomain.ProcessExit += OnExit;
    }

    public bool IsRunning => !process.HasExited;

    /// <summary>The last of what it said.</summary>
    public string Said
    {
        get
        {
            lock (said)
            {
                return said.ToString(Math.Max(0, said.Length - 2000), Math.Min(2000, said.Length));
            }
        }
    }

    public void Stop() => Signal("STOP");

    public void Continue() => Signal("CONT");

    public void Kill()
    {
        if (IsRunning)
        {
            process.Kill();
            process.WaitForExit();
        }
    }

    public void Dispose()
    {
        AppDomain.CurrentDomain.ProcessExit -= OnExit;
        Kill();
        process.Dispose();
    }

    private void Signal(string name)
    {
        using var kill = Process.Start("kill", [$"-{name}", $"{process.Id}"]);
        kill.WaitForExit();
        Assert.Equal(0, kill.ExitCode);
    }

    private void OnExit(object? sender, EventArgs end) => Kill();

    private void Keep(string? line)
    {
        lock (said)
        {
            said.AppendLine(line);
        }
    }
}
