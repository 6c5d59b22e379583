using System.Globalization;
using Elanus.Primitives;

namespace Elanus.Cli;

/// <summary>Machines that are network namespaces behind one bridge; only within an <see cref="OwnWorld"/>, with which they go. This process stands at the bridge.</summary>
internal sealed class LocalHosts
{
    private const string Bridge = "switch";
    private const string Network = "10.99.0";
    private const int FirstAddress = 11;

    /// <summary>This process's own address.</summary>
    public const string Here = $"{Network}.1";

    private readonly LocalHost[] hosts;

    private LocalHosts(LocalHost[] hosts) => this.hosts = hosts;

    public LocalHost this[int host] => hosts[host];

    /// <summary>The host of a HOST:PORT.</summary>
    public LocalHost Of(string address) => hosts.Single(host => address.StartsWith($"{host.Address}:", StringComparison.Ordinal));

    /// <summary>Makes them, all connected.</summary>
    public static LocalHosts Make(int count)
    {
        Invariant.Holds(OwnWorld.IsInside, "hosts are made only in a world of their own");
        Must("ip", "link", "set", "lo", "up");
        Must("mkdir", "-p", "/run/netns");
        Must("mount", "-t", "tmpfs", "none", "/run/netns");
        Must("ip", "link", "add", Bridge, "type", "bridge");
        Must("ip", "address", "add", $"{Here}/24", "dev", Bridge);
        Must("ip", "link", "set", Bridge, "up");
        var hosts = Enumerable.Range(0, count).Select(i => new LocalHost($"host{i}", string.Create(CultureInfo.InvariantCulture, $"{Network}.{FirstAddress + i}"))).ToArray();
        foreach (var host in hosts)
        {
            Must("ip", "netns", "add", host.Name);
            Must("ip", "link", "add", $"to-{host.Name}", "type", "veth", "peer", "name", "eth0", "netns", host.Name);
            Must("ip", "link", "set", $"to-{host.Name}", "master", Bridge, "up");
            Must("ip", "-n", host.Name, "address", "add", $"{host.Address}/24", "dev", "eth0");
            Must("ip", "-n", host.Name, "link", "set", "eth0", "up");
            Must("ip", "-n", host.Name, "link", "set", "lo", "up");
        }

        return new(hosts);
    }

    /// <summary>A command that cannot fail where the world could be made.</summary>
    internal static void Must(string program, params string[] arguments)
    {
        var (code, said) = LocalProcess.RunNow(program, arguments);
        Invariant.Holds(code == 0, $"{program} {string.Join(' ', arguments)} ended with {code}: {said}");
    }
}
