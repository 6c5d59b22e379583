using Elanus.Coordination;
using Elanus.Primitives;

namespace Elanus.Cli;

/// <summary>Members of etcd on this machine, each with a data directory of its own.</summary>
internal sealed class EtcdMembers : IDisposable
{
    private static readonly TimeSpan StartPatience = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan LookAgain = TimeSpan.FromMilliseconds(50);

    private readonly LocalProcess[] members;
    private readonly string[][] commands;
    private readonly string[] endpoints;

    private EtcdMembers(LocalProcess[] members, string[][] commands, string[] endpoints)
    {
        this.members = members;
        this.commands = commands;
        this.endpoints = endpoints;
        Arbiter = $"etcd://{string.Join(',', endpoints)}";
    }

    public int Count => members.Length;

    /// <summary>What nodes are given as their arbiter.</summary>
    public string Arbiter { get; }

    /// <summary>Starts them and waits until they take a write. A failure says that etcd is not installed, or what it said.</summary>
    /// <param name="folder">Where their data goes.</param>
    /// <param name="hosts">An address a member.</param>
    /// <param name="within">What goes before each member's program on the command line, to run it elsewhere.</param>
    /// <param name="cancel">Ends the waiting.</param>
    public static async Task<Result<EtcdMembers>> Start(string folder, IReadOnlyList<string> hosts, Func<int, IReadOnlyList<string>> within, CancellationToken cancel)
    {
        var ports = FreePorts.Find(2 * hosts.Count);
        string[] endpoints = [.. hosts.Select((host, i) => $"{host}:{ports[i]}")];
        string[] peers = [.. hosts.Select((host, i) => $"http://{host}:{ports[hosts.Count + i]}")];
        var members = new List<LocalProcess>();
        var commands = new List<string[]>();
        for (var i = 0; i < hosts.Count; i++)
        {
            string[] command =
            [
                .. within(i), "etcd", "--name", $"m{i}", "--data-dir", $"{folder}/etcd-{i}",
                "--initial-cluster", string.Join(',', peers.Select((peer, m) => $"m{m}={peer}")), "--initial-cluster-state", "new", "--initial-cluster-token", "local",
                "--heartbeat-interval", "50", "--election-timeout", "500", "--pre-vote", "--log-level", "error",
                "--listen-client-urls", $"http://{endpoints[i]}", "--advertise-client-urls", $"http://{endpoints[i]}",
                "--listen-peer-urls", peers[i], "--initial-advertise-peer-urls", peers[i],
            ];
            if (!LocalProcess.Start(command[0], command.Skip(1)).TryGet(out var member, out var missing))
            {
                members.ForEach(started => started.Dispose());
                return new Failure(FailureCode.NotSupported, $"{missing.Sentence} (package etcd-server)");
            }

            members.Add(member);
            commands.Add(command);
        }

        var cluster = new EtcdMembers([.. members], [.. commands], endpoints);
        if (await cluster.Ready(cancel) is { } failure)
        {
            cluster.Dispose();
            return failure;
        }

        return cluster;
    }

    /// <summary>Where a member takes calls: HOST:PORT.</summary>
    public string Endpoint(int member) => endpoints[member];

    public void Kill(int member) => members[member].Signal(Signals.Kill);

    /// <summary>Starts a member that was killed again, on its data.</summary>
    public void Restart(int member)
    {
        members[member].Dispose();
        members[member] = LocalProcess.Start(commands[member][0], commands[member].Skip(1)).Value;
    }

    public IArbiter Open()
    {
        var opened = ArbiterAddress.Parse(Arbiter).Value.Open(new RealFileSystem(), TimeProvider.System, new SystemRandom());
        Invariant.Holds(opened.Succeeded, "an address of the bench's own making is refused");
        return opened.Value;
    }

    public void Dispose() => Array.ForEach(members, member => member.Dispose());

    private async Task<Failure?> Ready(CancellationToken cancel)
    {
        await using var arbiter = Open();
        var started = TimeProvider.System.GetTimestamp();
        while (true)
        {
            var written = await arbiter.ValueAsync("ready", "ready", "", cancel);
            if (written.Succeeded)
            {
                return null;
            }

            if (TimeProvider.System.GetElapsedTime(started) > StartPatience || members.Any(member => member.HasEnded))
            {
                return new Failure(FailureCode.Unavailable, $"etcd did not start: {written.Failure.Sentence}; it said: {members[0].Said}");
            }

            await Task.Delay(LookAgain, TimeProvider.System, cancel);
        }
    }
}
