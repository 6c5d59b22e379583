namespace Elanus.Compat.Tests;

/// <summary>Whether the long runs were asked for (./test --long).</summary>
internal static class LongRun
{
    public static bool IsAsked { get; } = Environment.GetEnvironmentVariable("ELANUS_LONG") == "1";
}
