using System.Diagnostics;

namespace Elanus.Compat.Tests;

/// <summary>The program, run to its end.</summary>
internal static class ProgramRun
{
    private static readonly TimeSpan PatienceUsual = TimeSpan.FromSeconds(60);

    /// <summary>Its exit code, and what it wrote on both streams.</summary>
    public static Task<(int ExitCode, string Output)> Run(params string[] arguments) => Run(PatienceUsual, arguments);

    /// <inheritdoc cref="Run(string[])"/>
    public static async Task<(int ExitCode, string Output)> Run(TimeSpan patience, params string[] arguments)
    {
        var start = new ProcessStartInfo("dotnet", [Path.Combine(AppContext.BaseDirectory, "Elanus.Cli.dll"), .. arguments])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        using var process = Process.Start(start)!;
        var output = process.StandardOutput.ReadToEndAsync();
        var error = process.StandardError.ReadToEndAsync();
        try
        {
            await process.WaitForExitAsync().WaitAsync(patience);
        }
        catch (TimeoutException)
        {
            process.Kill();
            throw;
        }

        return (process.ExitCode, await output + await error);
    }
}
