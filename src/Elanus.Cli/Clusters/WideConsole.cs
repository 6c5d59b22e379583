using Spectre.Console;

namespace Elanus.Cli;

/// <summary>A console whose lines are not folded where nobody looks at a terminal.</summary>
internal static class WideConsole
{
    private const int LineWidth = 200;

    public static IAnsiConsole Of(IAnsiConsole console)
    {
        if (Console.IsOutputRedirected)
        {
            console.Profile.Width = Math.Max(console.Profile.Width, LineWidth);
        }

        return console;
    }
}
