using System.Diagnostics;

namespace Elanus.Compat.Tests;

/// <summary>One run of the program that ends by itself.</summary>
internal sealed record CommandRun(int Code, string Output, string Errors)
{
    private static readonly TimeSpan PatienceUsual = TimeSpan.FromMinutes(1);

    /// <summary>What it wrote on both streams.</summary>
    public string All => Output + Errors;

    public static Task<CommandRun> Of(params string[] arguments) => Of(PatienceUsual, arguments);

    /// <inheritdoc cref="Of(string[])"/>
    public static async Task<CommandRun> Of(TimeSpan patience, params string[] arguments)
    {
        var start = TestedProgram.With(arguments);
        start.RedirectStandardOutput = true;
        start.RedirectStandardError = true;
        using var process = Process.Start(start)!;
        var output = process.StandardOutput.ReadToEndAsync();
        var errors = process.StandardError.ReadToEndAsync();
        using var most = new CancellationTokenSource(patience);
        try
        {
            await process.WaitForExitAsync(most.Token);
        }
        catch (OperationCanceledException)
        {
            process.Kill(entireProcessTree: true);
            throw;
        }

        return new(process.ExitCode, await output, await errors);
    }
}
