using System.Text.Json;
using Elanus.Primitives;
using Elanus.Server.Operations.Protocol;

namespace Elanus.Cli;

/// <summary>Every kind of fault there is.</summary>
internal sealed class ChaosFaults(LocalCluster cluster, LocalHosts hosts, EtcdMembers etcd, IReadOnlyList<LocalHost> arbiters, IRandomSource random)
{
    private const string Clients = LocalHosts.Here;

    private static readonly TimeSpan Short = TimeSpan.FromSeconds(3);
    private static readonly TimeSpan StopShort = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan StopLong = TimeSpan.FromSeconds(30);

    /// <param name="patience">Faults that last longer are left out.</param>
    public IReadOnlyList<ChaosFault> All(TimeSpan patience) =>
    [
        .. new ChaosFault[]
        {
            new("kill -9 of the active", TimeSpan.Zero, active => Now(() => Signals.Send(active.Pid, Signals.Kill))),
            new("kill -9 of a standby", TimeSpan.Zero, async active =>
            {
                var standby = await Standby(active);
                Signals.Send(standby.Pid, Signals.Kill);
                return Nothing;
            }),
            new("the active stopped for 5 s", StopShort, Stopped),
            new("the active stopped for 30 s", StopLong, Stopped),
            new("the active cut from the arbiter", Short, active => Cut(active, "both", [.. arbiters.Select(host => host.Address)])),
            new("the active cut from a standby", Short, async active => await Cut(active, "both", [Host(await Standby(active)).Address])),
            new("the active cut from clients", Short, active => Cut(active, "both", [Clients])),
            new("the active's host unplugged", Short, active =>
            {
                Host(active).Unplug();
                return Task.FromResult<Action>(() => Host(active).Plug());
            }),
            new("nothing from the active reaches the others", Short, active => Cut(active, "out", [.. Others(active).Select(host => host.Address), .. arbiters.Select(host => host.Address)])),
            new("nothing from a standby reaches the active", Short, async active => await Cut(await Standby(active), "out", [Host(active).Address])),
            new("30 % of the active's packets lost", Short, active => Lossy(active)),
            new("the active's disk full", Short, Full),
            new("all nodes killed at once", TimeSpan.Zero, async _ =>
            {
                foreach (var status in (await Task.WhenAll(cluster.Nodes.Select(node => node.Status(CancellationToken.None)))).OfType<NodeStatus>())
                {
                    Signals.Send(status.Pid, Signals.Kill);
                }

                return Nothing;
            }),
            new("etcd's leader killed with the active", Short, async active =>
            {
                var leader = await Leader();
                Signals.Send(active.Pid, Signals.Kill);
                etcd.Kill(leader);
                return () => etcd.Restart(leader);
            }),
        }.Where(fault => fault.Lasts <= patience),
    ];

    private static void Nothing()
    {
        // The supervisor mends it.
    }

    private static Task<Action> Now(Action harm)
    {
        harm();
        return Task.FromResult(Nothing);
    }

    private static Task<Action> Stopped(NodeStatus active)
    {
        Signals.Send(active.Pid, Signals.Stop);
        return Task.FromResult<Action>(() => Signals.Send(active.Pid, Signals.Continue));
    }

    private LocalHost Host(NodeStatus node) => hosts.Of(node.Address);

    private IEnumerable<LocalHost> Others(NodeStatus node) => cluster.Nodes.Where(other => other.Address != node.Address).Select(other => hosts.Of(other.Address));

    private async Task<NodeStatus> Standby(NodeStatus active)
    {
        var others = cluster.Nodes.Where(node => node.Address != active.Address).ToList();
        while (true)
        {
            if (await others[(int)(random.NextUInt64() % (ulong)others.Count)].Status(CancellationToken.None) is { } status)
            {
                return status;
            }
        }
    }

    private Task<Action> Cut(NodeStatus node, string way, IReadOnlyList<string> from)
    {
        var rules = from.SelectMany(address => way == "out" ? [["OUTPUT", "-d", address]] : new string[][] { ["INPUT", "-s", address], ["OUTPUT", "-d", address] })
            .Select(rule => (string[])[.. rule, "-j", "DROP"]).ToList();
        return Filtered(Host(node), rules);
    }

    /// <summary>Both ways, but not within the host.</summary>
    private Task<Action> Lossy(NodeStatus node) => Filtered(Host(node), [LossyRule("INPUT", "-i"), LossyRule("OUTPUT", "-o")]);

    private static string[] LossyRule(string chain, string through) => [chain, "!", through, "lo", "-m", "statistic", "--mode", "random", "--probability", "0.3", "-j", "DROP"];

    private static Task<Action> Filtered(LocalHost host, IReadOnlyList<string[]> rules)
    {
        foreach (var rule in rules)
        {
            host.Must(["iptables", "-w", "-A", .. rule]);
        }

        return Task.FromResult<Action>(() =>
        {
            foreach (var rule in rules)
            {
                host.Must(["iptables", "-w", "-D", .. rule]);
            }
        });
    }

    private async Task<Action> Full(NodeStatus active)
    {
        var file = $"{cluster.At(active.Address).Data}/../filler";

        // It ends with a failure when nothing more goes in: that is what is wanted.
        await LocalProcess.Run("dd", ["if=/dev/zero", $"of={file}", "bs=64k"], CancellationToken.None);
        return () => LocalHosts.Must("rm", "-f", file);
    }

    private async Task<int> Leader()
    {
        using var http = new HttpClient();
        for (var i = 0; ; i = (i + 1) % etcd.Count)
        {
            try
            {
                using var asked = new StringContent("{}");
                using var answer = await http.PostAsync(new Uri($"http://{etcd.Endpoint(i)}/v3/maintenance/status"), asked);
                using var status = JsonDocument.Parse(await answer.Content.ReadAsStringAsync());
                if (status.RootElement.GetProperty("leader").GetString() == status.RootElement.GetProperty("header").GetProperty("member_id").GetString())
                {
                    return i;
                }
            }
            catch (Exception gone) when (gone is HttpRequestException or KeyNotFoundException or JsonException)
            {
                // Another one knows.
            }
        }
    }
}
