using System.Diagnostics;

namespace Elanus.Compat.Tests;

/// <summary>The program that these tests start: what <c>ELANUS_PROGRAM</c> names (<c>./test</c>: compiled ahead, as users run it), else what was built with them.</summary>
internal static class TestedProgram
{
    private static readonly string Program = Environment.GetEnvironmentVariable("ELANUS_PROGRAM") is { Length: > 0 } named
        ? named
        : Path.Combine(AppContext.BaseDirectory, "Elanus.Cli.dll");

    public static ProcessStartInfo With(params string[] arguments) => Program.EndsWith(".dll", StringComparison.Ordinal) ? new("dotnet", [Program, .. arguments]) : new(Program, arguments);
}
