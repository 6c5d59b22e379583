using System.Collections;
using Elanus.Primitives;
using Elanus.Server;

namespace Elanus.Cli;

/// <summary>The configuration that a command about a running node finds: <c>elanus.yaml</c> in the working directory, and the environment.</summary>
internal static class OperatorConfiguration
{
    /// <summary>
    /// Whether it may say how nodes are called: false without reading it where nothing in it can (a file without the word, no variable of that name), for a command that has no
    /// time to read it.
    /// </summary>
    public static async Task<bool> MaySayTls(IFileSystem files, CancellationToken cancel)
    {
        foreach (DictionaryEntry variable in Environment.GetEnvironmentVariables())
        {
            if (KeyNames.IsSame((string)variable.Key, KeyNames.TlsMode))
            {
                return true;
            }
        }

        return !(await ConfigurationFile.ReadAsync(files, null, cancel)).TryGet(out var text, out _)
            || text?.Contains("tls", StringComparison.OrdinalIgnoreCase) == true;
    }

    /// <summary>A failure has all that is wrong with it in one sentence.</summary>
    public static async Task<Result<ServerConfiguration>> Read(IFileSystem files, CancellationToken cancel)
    {
        if (!(await ConfigurationFile.ReadAsync(files, null, cancel)).TryGet(out var text, out var failure))
        {
            return failure;
        }

        var outcome = ConfigurationReader.Read(new()
        {
            FileName = ConfigurationFile.DefaultPath,
            FileText = text,
            Environment = Environment.GetEnvironmentVariables().Cast<DictionaryEntry>().ToDictionary(e => (string)e.Key, e => (string?)e.Value ?? ""),
        });
        return outcome.Configuration is { } configuration ? configuration : Failure.Invalid(string.Join("; ", outcome.Errors));
    }
}
