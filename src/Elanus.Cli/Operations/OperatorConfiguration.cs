using System.Collections;
using Elanus.Primitives;
using Elanus.Server;

namespace Elanus.Cli;

/// <summary>The configuration that a command about a running node finds: <c>elanus.yaml</c> in the working directory, and the environment.</summary>
internal static class OperatorConfiguration
{
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
