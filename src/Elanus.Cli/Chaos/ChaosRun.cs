using System.Globalization;
using Elanus.Primitives;
using Elanus.Server.Operations.Protocol;
using Spectre.Console;

namespace Elanus.Cli;

/// <summary>One run: the world is built, every kind of fault comes in an order that the seed draws, once at least, again and again; each is mended, and the cluster must become whole before the next.</summary>
internal static class ChaosRun
{
    private const int Nodes = 3;
    private const int Arbiters = 3;
    private const int Dimension = 128;
    private const int RowsPerInsert = 10;
    private const string DiskBytes = "1500m";
    private const string LogFileBytes = "1048576";

    private static readonly TimeProvider Time = TimeProvider.System;
    private static readonly TimeSpan WritePause = TimeSpan.FromMilliseconds(10);
    private static readonly TimeSpan ReadPause = TimeSpan.FromMilliseconds(20);
    private static readonly TimeSpan Settled = TimeSpan.FromSeconds(1);

    /// <summary>A failure where the cluster did not come to itself, or a program is missing.</summary>
    public static async Task<Result<ChaosOutcome>> Run(TimeSpan lasts, ulong seed, IAnsiConsole console, CancellationToken cancel)
    {
        var (code, said) = await LocalProcess.Run("iptables", ["-w", "-L"], cancel);
        if (code != 0)
        {
            return new Failure(FailureCode.NotSupported, $"iptables is needed (package iptables): {said}");
        }

        // Within this world alone: a file system in memory over an empty directory, one more for each node's data.
        var folder = Path.Combine(Path.GetTempPath(), "elanus-chaos");
        LocalHosts.Must("mkdir", "-p", folder);
        LocalHosts.Must("mount", "-t", "tmpfs", "none", folder);
        var hosts = LocalHosts.Make(Nodes + Arbiters);
        LocalHost[] arbiters = [.. Enumerable.Range(Nodes, Arbiters).Select(i => hosts[i])];
        if (!(await EtcdMembers.Start(folder, [.. arbiters.Select(host => host.Address)], member => arbiters[member].Within, cancel)).TryGet(out var etcd, out var failure))
        {
            return failure;
        }

        using (etcd)
        {
            using var cluster = new LocalCluster([.. Enumerable.Range(0, Nodes).Select(i => Start(folder, hosts[i], i, etcd))], Time);
            if (!(await cluster.Whole(cancel)).TryGet(out var active, out failure))
            {
                return failure;
            }

            console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"seed {seed}: {Nodes} nodes, {Arbiters} members of etcd, {lasts.TotalSeconds:0} s"));
            var client = new NumberedRows("chaos", Dimension, [.. cluster.Nodes.Select(node => node.Channel)], Time);
            await client.Create(cancel);
            using var enough = CancellationTokenSource.CreateLinkedTokenSource(cancel);
            var writing = client.Write(RowsPerInsert, WritePause, enough.Token);
            var reading = client.ReadStrong(ReadPause, enough.Token);
            var following = client.ReadSession(ReadPause, enough.Token);
            var faults = Faults(new ChaosFaults(cluster, hosts, etcd, arbiters, new SeededRandom(seed)), cluster, client, active, lasts, seed, console, cancel);
            var first = await Task.WhenAny(faults, writing, reading, following);
            cancel.ThrowIfCancellationRequested();
            var done = first == faults ? await faults : throw new InvariantBrokenException($"a client ended by itself: {first.Exception}");
            await enough.CancelAsync();
            await Task.WhenAll(writing, reading, following);
            if (!done.TryGet(out var counted, out failure))
            {
                return failure;
            }

            var (lost, doubled) = await client.Check(0, cancel);
            return new ChaosOutcome(counted.Faults, client.Acknowledged, lost, doubled, client.Strong, client.Session, counted.LongestMs);
        }
    }

    private static NodeProcess Start(string folder, LocalHost host, int node, EtcdMembers etcd)
    {
        var disk = $"{folder}/disk-{node}";
        LocalHosts.Must("mkdir", "-p", disk);
        LocalHosts.Must("mount", "-t", "tmpfs", "-o", $"size={DiskBytes}", "none", disk);

        // Small files of the log: a large one holds its room already when the disk fills up. Standbys answer Session reads themselves.
        var settings = new Dictionary<string, string> { ["ELANUS_LOG_FILESIZE"] = LogFileBytes, ["CLUSTER_READS"] = "on" };
        return NodeProcess.Start(new($"{disk}/data", etcd.Arbiter) { Cluster = "chaos", Host = host.Address, Within = host.Within, Settings = settings });
    }

    private static async Task<Result<(int Faults, double LongestMs)>> Faults(
        ChaosFaults faults, LocalCluster cluster, NumberedRows client, NodeStatus active, TimeSpan lasts, ulong seed, IAnsiConsole console, CancellationToken cancel)
    {
        var kinds = faults.All(lasts / 2);
        var order = new SeededRandom(seed + 1);
        var started = Time.GetTimestamp();
        var queue = new Queue<ChaosFault>();
        var longest = 0.0;
        var count = 0;
        for (; count < kinds.Count || Time.GetElapsedTime(started) < lasts; count++)
        {
            if (queue.Count == 0)
            {
                foreach (var fault in kinds.OrderBy(_ => order.NextUInt64()))
                {
                    queue.Enqueue(fault);
                }
            }

            var next = queue.Dequeue();
            _ = client.TakeLongestGap();
            var begun = Time.GetTimestamp();
            var mend = await next.Begin(active);
            await Task.Delay(next.Lasts, Time, cancel);
            mend();
            if (!(await cluster.Whole(cancel)).TryGet(out var whole, out var failure))
            {
                return new Failure(failure.Code, $"after '{next.Name}': {failure.Sentence}");
            }

            active = whole;

            var before = client.Acknowledged;
            await Task.Delay(Settled, Time, cancel);
            while (client.Acknowledged <= before)
            {
                await Task.Delay(WritePause, Time, cancel);
            }

            var gap = client.TakeLongestGap().TotalMilliseconds;
            longest = Math.Max(longest, gap);
            console.WriteLine(string.Create(
                CultureInfo.InvariantCulture,
                $"{Time.GetElapsedTime(started).TotalSeconds,6:0} s  {next.Name}: gap {gap:0} ms, whole again after {Time.GetElapsedTime(begun).TotalSeconds:0.0} s under epoch {active.Epoch}, {client.Acknowledged} acknowledged"));
        }

        return (count, longest);
    }
}
