using System.CommandLine;
using Elanus.Primitives;
using Elanus.Server;
using Spectre.Console;

namespace Elanus.Cli;

/// <summary><c>elanus config</c>: which value of each setting holds, and where it comes from.</summary>
internal static class ConfigCommand
{
    public static Command Create(IFileSystem files)
    {
        var options = new ServerOptions();
        var markdown = new Option<bool>("--markdown") { Description = "Print docs/configuration.md instead." };
        var command = new Command("config", "Shows every setting, its value, and where the value comes from.") { markdown };
        options.AddTo(command);
        command.SetAction(async (parsed, cancel) =>
        {
            if (parsed.GetValue(markdown))
            {
                await parsed.InvocationConfiguration.Output.WriteAsync(ConfigurationDocument.Markdown());
                return ExitCodes.Success;
            }

            var outcome = await options.ReadAsync(parsed, files, parsed.InvocationConfiguration.Error, cancel);
            if (outcome is null)
            {
                return ExitCodes.Misconfigured;
            }

            var table = new Table().Border(TableBorder.Simple).AddColumns("key", "value", "from");
            foreach (var (setting, text, origin) in outcome.Values)
            {
                table.AddRow(Markup.Escape(setting.Key), setting.Secret && origin != "default" ? "(not shown)" : Markup.Escape(text), Markup.Escape(origin));
            }

            AnsiConsole.Write(table);
            return ExitCodes.Success;
        });
        return command;
    }
}
