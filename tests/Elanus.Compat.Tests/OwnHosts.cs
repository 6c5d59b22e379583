using System.ComponentModel;
using System.Diagnostics;

namespace Elanus.Compat.Tests;

/// <summary>Whether this machine lets a program make network namespaces of its own, and has what chaos needs in them.</summary>
internal static class OwnHosts
{
    private static readonly (string Program, string Package, string[] Asked)[] Needed =
    [
        ("etcd", "etcd-server", ["--version"]),
        ("ip", "iproute2", ["-V"]),
        ("iptables", "iptables", ["--version"]),
        ("unshare", "util-linux", ["--net", "--mount", "--pid", "--fork", "--mount-proc", "ip", "link", "set", "lo", "up"]),
    ];

    /// <summary>Why not; null where it does.</summary>
    public static string? Obstacle { get; } = Needed.Select(needed => WhyNot(needed.Program, needed.Package, needed.Asked)).FirstOrDefault(why => why is not null);

    private static string? WhyNot(string program, string package, string[] arguments)
    {
        try
        {
            using var process = Process.Start(new ProcessStartInfo(program, arguments) { RedirectStandardOutput = true, RedirectStandardError = true })!;
            var said = process.StandardError.ReadToEnd().Trim();
            process.WaitForExit();
            return process.ExitCode == 0 ? null : $"network namespaces are not allowed here: {program} ended with {process.ExitCode}: {said}";
        }
        catch (Win32Exception)
        {
            return $"{program} is not installed (package {package})";
        }
    }
}
