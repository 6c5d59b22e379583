using System.Diagnostics;
using System.Text.Json;

namespace Elanus.Compat.Tests;

/// <summary>Runs one file of tests in a node process of its own against a server.</summary>
internal static class NodeRun
{
    private static readonly JsonSerializerOptions Lines = new(JsonSerializerDefaults.Web);
    private static readonly TimeSpan RunMax = TimeSpan.FromSeconds(120);

    /// <summary>The cases that ended, and why the run itself failed where it did.</summary>
    public static async Task<(IReadOnlyList<CaseResult> Cases, string? Failure)> File(string file, string address, params (string Name, string Value)[] environment)
    {
        var start = new ProcessStartInfo("node", ["--test-reporter=./reporter.mjs", file])
        {
            WorkingDirectory = NodeCases.Folder,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        start.Environment["ELANUS_ADDRESS"] = address;
        foreach (var (name, value) in environment)
        {
            start.Environment[name] = value;
        }

        using var node = Process.Start(start)!;
        var output = node.StandardOutput.ReadToEndAsync();
        var errors = node.StandardError.ReadToEndAsync();
        string? failure = null;
        try
        {
            await node.WaitForExitAsync().WaitAsync(RunMax);
        }
        catch (TimeoutException)
        {
            node.Kill();
            failure = $"{file} did not end within {RunMax.TotalSeconds} s";
        }

        var cases = (await output).Split('\n').Where(l => l.StartsWith("{\"name\":", StringComparison.Ordinal)).Select(l => JsonSerializer.Deserialize<CaseResult>(l, Lines)!).ToList();
        if (cases.Count == 0)
        {
            failure ??= $"{file} ran no case:\n{await errors}";
        }

        return (cases, failure);
    }
}
