using System.Diagnostics;

namespace Elanus.Compat.Tests;

/// <summary>One run of the program that ends by itself.</summary>
internal sealed record CommandRun(int Code, string Output, string Errors)
{
    private static readonly TimeSpan Most = TimeSpan.FromMinutes(1);

    public static async Task<CommandRun> Of(params string[] arguments)
    {
        var start = new ProcessStartInfo("dotnet", [Path.Combine(AppContext.BaseDirectory, "Elanus.Cli.dll"), .. arguments])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        using var process = Process.Start(start)!;
        var output = process.StandardOutput.ReadToEndAsync();
        var errors = process.StandardError.ReadToEndAsync();
        using var patience = new CancellationTokenSource(Most);
        try
        {
            await process.WaitForExitAsync(patience.Token);
        }
        catch (OperationCanceledException)
        {
            process.Kill();
            throw;
        }

        return new(process.ExitCode, await output, await errors);
    }
}
