using System.Collections;
using System.CommandLine;
using Elanus.Primitives;
using Elanus.Server;

namespace Elanus.Cli;

/// <summary>The flags of commands that take a server's configuration: one for each setting that has a flag, and <c>--config</c>.</summary>
internal sealed class ServerOptions
{
    private readonly Option<string?> config = new("--config")
    {
        HelpName = "FILE",
        Description = $"The configuration file; {ConfigurationFile.DefaultPath} where it exists.",
    };

    /// <summary>What is no flag of the command ends here, to be refused beside all other errors.</summary>
    private readonly Argument<string[]> unknown = new("unknown") { Arity = ArgumentArity.ZeroOrMore, Hidden = true };

    private readonly List<(string Flag, Option<string?> Option)> options = [];

    public ServerOptions()
    {
        foreach (var setting in Settings.All.Where(s => s.Flag is not null))
        {
            var description = setting.Description + (setting.Default.Length > 0 ? $" Default: {setting.Default}." : "");
            options.Add((setting.Flag!, new Option<string?>(setting.Flag!) { HelpName = setting.FlagValue, Description = description }));
        }
    }

    public void AddTo(Command command)
    {
        options.ForEach(o => command.Add(o.Option));
        command.Add(config);
        command.Add(unknown);
    }

    /// <summary>Reads the configuration; prints its warnings and all its errors on <paramref name="complaints"/>.</summary>
    public async Task<ConfigurationOutcome?> ReadAsync(ParseResult parsed, IFileSystem files, TextWriter complaints, CancellationToken cancel)
    {
        var named = parsed.GetValue(config);
        var text = await ConfigurationFile.ReadAsync(files, named, cancel);
        var outcome = ConfigurationReader.Read(new()
        {
            FileName = named ?? ConfigurationFile.DefaultPath,
            FileText = text.Succeeded ? text.Value : null,
            Environment = Environment.GetEnvironmentVariables().Cast<DictionaryEntry>().ToDictionary(e => (string)e.Key, e => (string?)e.Value ?? ""),
            Flags = options.Where(o => parsed.GetResult(o.Option) is { Implicit: false }).ToDictionary(o => o.Flag, o => parsed.GetValue(o.Option) ?? ""),
            UnknownWords = [.. UnknownWords(parsed.GetValue(unknown) ?? [])],
        });
        foreach (var warning in outcome.Warnings)
        {
            await complaints.WriteLineAsync($"elanus: warning: {warning}");
        }

        string[] errors = text.Succeeded ? [.. outcome.Errors] : [text.Failure.Sentence, .. outcome.Errors];
        foreach (var error in errors)
        {
            await complaints.WriteLineAsync($"elanus: {error}");
        }

        return errors.Length == 0 ? outcome : null;
    }

    /// <summary>The word behind an unknown flag is taken for its value, not for a fault of its own.</summary>
    private static IEnumerable<string> UnknownWords(string[] tokens) =>
        tokens.Where((t, i) => t.StartsWith('-') || i == 0 || !tokens[i - 1].StartsWith('-') || tokens[i - 1].Contains('='));
}
