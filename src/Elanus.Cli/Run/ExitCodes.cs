namespace Elanus.Cli;

/// <summary>What the program's exit says; 1 is also what a command line that cannot be parsed gives. <c>healthz</c> has codes of its own (<see cref="HealthCommand"/>).</summary>
internal static class ExitCodes
{
    public const int Success = 0;

    public const int Failed = 1;

    /// <summary>The configuration or the command line is at fault.</summary>
    public const int Misconfigured = 2;

    /// <summary>What is added to the number of a signal that stopped a command.</summary>
    public const int Signalled = 128;
}
