using System.Globalization;
using Elanus.Primitives;
using Elanus.Server.Operations.Protocol;
using Spectre.Console;

namespace Elanus.Cli;

/// <summary>What the rows of the bench stand on: etcd's members, a folder, the console, and what is counted over all of them.</summary>
internal sealed class FailoverGround(EtcdMembers etcd, LocalHosts? hosts, string whyNoHosts, string folder, FailoverTally tally, IAnsiConsole console, TimeProvider time)
{
    private const int Dimension = 128;

    private static readonly TimeSpan Settled = TimeSpan.FromMilliseconds(500);
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(2);
    private static readonly TimeSpan ReadPause = TimeSpan.FromMilliseconds(20);

    private int clusters;

    public TimeProvider Time => time;

    /// <summary>Network namespaces, a node each; null where they are not allowed, and <see cref="WhyNoHosts"/>.</summary>
    public LocalHosts? Hosts => hosts;

    public string WhyNoHosts => whyNoHosts;

    public IAnsiConsole Console => console;

    public string Folder => folder;

    /// <summary>The same ground, with other members of etcd and another folder.</summary>
    public FailoverGround With(EtcdMembers others, string their) => new(others, hosts, whyNoHosts, their, tally, console, time);

    /// <summary>Starts nodes of a cluster of its own name, or servers that are alone.</summary>
    public LocalCluster Start(int nodes, bool clustered, IReadOnlyList<string> arguments)
    {
        var name = $"bench-{clusters++}";
        return new(
            [.. Enumerable.Range(0, nodes).Select(i => NodeProcess.Start(new($"{folder}/{name}-{i}", etcd.Arbiter)
            {
                Cluster = clustered ? name : "",
                Arguments = arguments,
                Host = hosts?[i].Address ?? "127.0.0.1",
                Within = hosts?[i].Within ?? [],
            }))],
            time);
    }

    /// <summary>A client of all nodes.</summary>
    public NumberedRows Rows(LocalCluster cluster) => new("bench", Dimension, [.. cluster.Nodes.Select(node => node.Channel)], time);

    /// <summary>Starts a pair of its own name, fills it, and calls what is measured while one client writes and one reads; then checks what the client was told.</summary>
    /// <param name="rows">Rows there before.</param>
    /// <param name="measure">Given the pair, its client, and who is active.</param>
    /// <param name="cancel">Ends everything.</param>
    public async Task<Failure?> WithPair(int rows, Func<LocalCluster, NumberedRows, NodeStatus, Task<Failure?>> measure, CancellationToken cancel)
    {
        using var pair = Start(2, clustered: true, []);
        if (!(await pair.Whole(cancel)).TryGet(out var active, out var failure))
        {
            return failure;
        }

        var client = Rows(pair);
        await client.Create(cancel);
        await client.Fill(rows, _ => { }, cancel);
        await client.Flush(cancel);
        using var enough = CancellationTokenSource.CreateLinkedTokenSource(cancel);
        var writing = client.Write(1, Pause, enough.Token);
        var reading = client.ReadStrong(ReadPause, enough.Token);
        try
        {
            var measuring = measure(pair, client, active);
            if (await Task.WhenAny(measuring, writing, reading) is var first && first != measuring)
            {
                // They end by themselves only by a fault.
                await first;
            }

            failure = await measuring;
        }
        finally
        {
            await enough.CancelAsync();
            await Task.WhenAll(writing, reading);
        }

        if (failure is null)
        {
            var (lost, doubled) = await client.Check(rows, cancel);
            tally.Add(lost, doubled, client);
        }

        return failure;
    }

    /// <summary>The gaps of so many failovers of one pair, in milliseconds; less what was others', where that is measured beside.</summary>
    public async Task<Result<List<double>>> Gaps(string what, int count, Action<NodeStatus> harm, Action<NodeStatus>? mend, Func<double>? others, CancellationToken cancel)
    {
        var gaps = new List<double>();
        var failed = await WithPair(
            FailoverCounts.FewRows,
            async (pair, client, active) =>
            {
                for (var i = 1; i <= count; i++)
                {
                    var done = await Failover(pair, client, active, () => Done(() => harm(active)), mend is null ? null : () => Done(() => mend(active)), cancel);
                    if (!done.TryGet(out var after, out var failure))
                    {
                        return failure;
                    }

                    active = after.Active;
                    var their = others?.Invoke();
                    gaps.Add(after.GapMs - (their ?? 0));
                    console.WriteLine(string.Create(
                        CultureInfo.InvariantCulture, $"{what} {i} of {count}: gap {after.GapMs:0} ms{(their is null ? "" : $", etcd's {their:0} ms")}, then epoch {active.Epoch}: {active.Takeover}"));
                }

                return null;
            },
            cancel);
        return failed is not null ? failed : gaps;
    }

    public Task<Result<(double GapMs, NodeStatus Active)>> Killed(LocalCluster pair, NumberedRows client, NodeStatus active, CancellationToken cancel) =>
        Failover(pair, client, active, () => Done(() => Signals.Send(active.Pid, Signals.Kill)), mend: null, cancel);

    /// <summary>
    /// Does something to the active, and waits until a higher epoch's active has all in sync again and the client goes on: the longest time without an acknowledgement from the moment it was done.
    /// </summary>
    public async Task<Result<(double GapMs, NodeStatus Active)>> Failover(LocalCluster pair, NumberedRows client, NodeStatus active, Func<Task> harm, Func<Task>? mend, CancellationToken cancel)
    {
        await Task.Delay(Settled, time, cancel);
        _ = client.TakeLongestGap();
        var before = client.Acknowledged;
        await harm();
        if (mend is not null)
        {
            while (client.Acknowledged <= before + 1)
            {
                await Task.Delay(Pause, time, cancel);
            }

            await Task.Delay(Settled, time, cancel);
            await mend();
        }

        if (!(await pair.Whole(cancel, active.Epoch)).TryGet(out var next, out var failure))
        {
            return failure;
        }

        var whole = client.Acknowledged;
        while (client.Acknowledged <= whole)
        {
            await Task.Delay(Pause, time, cancel);
        }

        return (client.TakeLongestGap().TotalMilliseconds, next);
    }

    private static Task Done(Action action)
    {
        action();
        return Task.CompletedTask;
    }
}
