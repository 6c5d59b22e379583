using System.Diagnostics;

namespace Elanus.Compat.Tests;

/// <summary>strace, attached to a server, tampering with its fdatasync calls. Ended with the test; the server goes on without it.</summary>
internal sealed class SyncFaults : IAsyncDisposable
{
    private static readonly Lazy<string?> Reason = new(() =>
    {
        try
        {
            using var probe = Process.Start(new ProcessStartInfo("strace", ["-qq", "-e", "inject=fdatasync:error=EIO", "true"]) { RedirectStandardError = true })!;
            probe.StandardError.ReadToEnd();
            probe.WaitForExit();
            return probe.ExitCode == 0 ? null : "strace may not trace here";
        }
        catch (System.ComponentModel.Win32Exception)
        {
            return "strace is not installed";
        }
    });

    private readonly Process strace;

    private SyncFaults(Process strace) => this.strace = strace;

    /// <summary>Why there can be none on this machine, or null.</summary>
    public static string? Obstacle => Reason.Value;

    /// <param name="server">Whose calls.</param>
    /// <param name="fault">What happens to fdatasync, in strace's words: <c>error=EIO:when=5+</c>, <c>delay_enter=100000</c>.</param>
    public static async Task<SyncFaults> Attach(ServerProcess server, string fault)
    {
        var start = new ProcessStartInfo("strace", ["-f", "-p", $"{server.Id}", "-e", "trace=fdatasync", "-e", $"inject=fdatasync:{fault}", "-o", "/dev/null"])
        {
            RedirectStandardError = true,
        };
        var process = Process.Start(start)!;

        // It says so once it is attached to every thread.
        Assert.Contains("attached", await process.StandardError.ReadLineAsync() ?? "", StringComparison.Ordinal);
        _ = process.StandardError.ReadToEndAsync();
        return new(process);
    }

    public async ValueTask DisposeAsync()
    {
        if (!strace.HasExited)
        {
            strace.Kill();
        }

        await strace.WaitForExitAsync();
        strace.Dispose();
    }
}
