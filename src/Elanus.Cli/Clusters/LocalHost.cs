namespace Elanus.Cli;

/// <summary>A network namespace that stands for a machine: one address, one cable to the switch that all share.</summary>
internal sealed class LocalHost(string name, string address)
{
    public string Name => name;

    public string Address => address;

    /// <summary>What goes before a program on the command line, to run it there.</summary>
    public IReadOnlyList<string> Within => ["nsenter", $"--net=/run/netns/{name}"];

    /// <summary>Nothing reaches it any more, and nothing comes from it; neither side is told.</summary>
    public void Unplug() => Cable("down");

    public void Plug() => Cable("up");

    /// <summary>Runs a short program there, which cannot fail.</summary>
    public void Must(IReadOnlyList<string> command) => LocalHosts.Must("nsenter", [.. Within.Skip(1), .. command]);

    private void Cable(string state) => LocalHosts.Must("ip", "link", "set", $"to-{name}", state);
}
