using System.CommandLine;
using Elanus.Primitives;
using Elanus.Server;

namespace Elanus.Cli.Tests;

public sealed class CommandLineTests
{
    [Fact]
    public async Task Help_names_every_flag_that_a_setting_has()
    {
        var (code, output, _) = await Invoke("run", "standalone", "--help");
        Assert.Equal(0, code);
        Assert.All(Settings.All.Where(s => s.Flag is not null), s => Assert.Contains($"{s.Flag} <{s.FlagValue}>", output, StringComparison.Ordinal));
        Assert.DoesNotContain("unknown", output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Unknown_flags_and_bad_values_are_refused_together()
    {
        var (code, output, errors) = await Invoke("run", "standalone", "--prot", "5", "--metrics-port=77777", "stray");
        Assert.Equal((ExitCodes.Misconfigured, ""), (code, output));
        Assert.Equal(
            [
                "elanus: --prot: no such flag; the nearest is --port",
                "elanus: stray: no such argument",
                "elanus: --metrics-port: metrics.port: '77777' is not a whole number from 0 to 65535",
            ],
            errors.Split('\n', StringSplitOptions.RemoveEmptyEntries));
    }

    [Fact]
    public async Task A_configuration_file_that_is_named_must_be_there()
    {
        var (code, _, errors) = await Invoke("run", "standalone", "--config", "/nowhere/elanus.yaml");
        Assert.Equal((ExitCodes.Misconfigured, "elanus: --config: there is no file /nowhere/elanus.yaml"), (code, errors.Trim()));
    }

    [Fact]
    public async Task An_unknown_command_is_refused()
    {
        var (code, output, errors) = await Invoke("rn");
        Assert.Equal(1, code);
        Assert.Contains("run", output, StringComparison.Ordinal);
        Assert.Contains("'rn'", errors, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_documentation_of_the_settings_is_printed()
    {
        var (code, output, _) = await Invoke("config", "--markdown");
        Assert.Equal((0, ConfigurationDocument.Markdown()), (code, output));
    }

    private static async Task<(int Code, string Output, string Errors)> Invoke(params string[] words)
    {
        using var output = new StringWriter();
        using var errors = new StringWriter();
        var code = await CommandLine.Create(new RealFileSystem()).Parse(words).InvokeAsync(new InvocationConfiguration { Output = output, Error = errors });
        return (code, output.ToString(), errors.ToString());
    }
}
