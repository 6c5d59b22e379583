using System.Diagnostics;

namespace Elanus.Cli;

/// <summary>
/// This program once more, in namespaces of its own for network, mounts and processes: what it builds there nobody else sees, and all of it, processes too, is gone with it.
/// </summary>
internal static class OwnWorld
{
    private const string Variable = "ELANUS_OWN_WORLD";

    private static readonly string[] Unshare = ["--net", "--mount", "--propagation", "private", "--pid", "--fork", "--kill-child", "--mount-proc"];

    /// <summary>Whether this is the inner one.</summary>
    public static bool IsInside => Environment.GetEnvironmentVariable(Variable) == "1";

    /// <summary>Why there cannot be one here; null where there can.</summary>
    public static async Task<string?> WhyNot(CancellationToken cancel)
    {
        var (code, said) = await LocalProcess.Run("unshare", [.. Unshare, "ip", "link", "set", "lo", "up"], cancel);
        return code == 0 ? null : $"network namespaces are not to be had here ({(said.Length > 0 ? said : $"unshare ended with {code}")}); they need root, and the package iproute2";
    }

    /// <summary>Runs the same command inside, with the same output; its exit code.</summary>
    public static async Task<int> Enter(CancellationToken cancel)
    {
        var start = new ProcessStartInfo("unshare", [.. Unshare, .. OwnProgram.Command, .. Environment.GetCommandLineArgs().Skip(1)]) { RedirectStandardInput = true };
        start.Environment[Variable] = "1";
        using var inner = Process.Start(start)!;

        // Its standard input ends when this one is asked to stop, or is gone.
        await using var asked = cancel.Register(() => inner.StandardInput.Close());
        await inner.WaitForExitAsync(CancellationToken.None);
        return inner.ExitCode;
    }

    /// <summary>Inside: completes when the outer one wants this to end.</summary>
    public static async Task Left()
    {
        await using var input = Console.OpenStandardInput();
        var nothing = new byte[1];
        while (await input.ReadAsync(nothing) > 0)
        {
        }
    }
}
