using Elanus.Coordination;
using Elanus.Log;
using Elanus.Primitives;
using Elanus.Replication;

namespace Elanus.Server;

/// <summary>What makes a node a member of a cluster rather than alone.</summary>
/// <param name="Cluster">The cluster's name; the arbiter's record stands under it.</param>
/// <param name="Token">What its nodes show each other.</param>
/// <param name="Address">Where others reach this node: HOST:PORT.</param>
/// <param name="Arbiter">The judge; the caller's.</param>
/// <param name="Network">The way to the other nodes, given this node's id; the caller's.</param>
/// <param name="Options">The bounds of the protocol.</param>
public sealed record ClusterMembership(string Cluster, string Token, string Address, IArbiter Arbiter, Func<NodeId, IPeerNetwork> Network, ReplicaOptions Options)
{
    private const string MarkName = "cluster.name";
    private const string TokenName = "cluster.token";

    /// <summary>How long one question may take; it is asked again then.</summary>
    private static readonly TimeSpan ProofPatience = TimeSpan.FromSeconds(2);

    private static readonly TimeSpan AskAgain = TimeSpan.FromMilliseconds(100);

    /// <summary>Whether a process answers at an address as this node; nobody is asked where it is null.</summary>
    public Func<string, NodeId, CancellationToken, Task<bool>>? IsRunningAt { get; init; }

    /// <summary>Whether this node and the active share what the arbiter needs them to share; not asked where it is null.</summary>
    public Func<NodeId, Member, CancellationToken, Task<Result<Unit>>>? Proves { get; init; }

    /// <summary>Takes what an operator should read of a start.</summary>
    public Action<string>? Tells { get; init; }

    /// <summary>The directory's log as one of the cluster's. A directory of another cluster is refused, and a copy of one that another process has gone on from.</summary>
    internal async Task<Result<ReplicatedLog>> Join(
        DataDirectory directory, ChannelId channel, FileLogOptions log, HybridClock clock, NodeSeams seams, CancellationToken cancel)
    {
        if (!(await Mark(directory, seams.Files, cancel)).TryGet(out _, out var failure)
            || !(await new NodeStarts(Arbiter, Cluster, directory, seams, Tells).Note(Address, IsRunningAt, cancel)).TryGet(out _, out failure)
            || !(await ProveShared(directory.Node, seams.Time, cancel)).TryGet(out _, out failure))
        {
            return failure;
        }

        return await ReplicatedLog.StartAsync(
            new(seams.Files, seams.Time, seams.Random, clock),
            directory.LogPath,
            channel,
            log,
            new(directory.Node, Address),
            Cluster,
            Arbiter,
            Network(directory.Node),
            Options,
            cancel);
    }

    private async Task<Result<Unit>> ProveShared(NodeId self, TimeProvider time, CancellationToken cancel)
    {
        if (Proves is null)
        {
            return Result.Ok;
        }

        while (true)
        {
            using var patience = new CancellationTokenSource(ProofPatience, time);
            using var once = CancellationTokenSource.CreateLinkedTokenSource(patience.Token, cancel);
            if ((await Arbiter.ReadAsync(Cluster, once.Token)).TryGet(out var stored, out _))
            {
                return stored?.Record is { } record && record.Holder != self && record.InSync.FirstOrDefault(member => member.Node == record.Holder) is { } active
                    ? await Proves(self, active, cancel)
                    : Result.Ok;
            }

            await Task.Delay(AskAgain, time, cancel);
        }
    }

    /// <summary>The cluster that a directory belongs to; null where it belongs to none.</summary>
    internal static async Task<string?> ClusterOf(IFileSystem files, string directory, CancellationToken cancel) => await SmallFile.Read(files, $"{directory}/{MarkName}", cancel);

    /// <summary>The token that a member keeps in its directory; null where there is none.</summary>
    public static async Task<string?> ReadToken(IFileSystem files, string directory, CancellationToken cancel) => await SmallFile.Read(files, $"{directory}/{TokenName}", cancel);

    /// <summary>A directory belongs to the cluster that it was first used in; the token stands beside that, for operators' commands.</summary>
    private async Task<Result<Unit>> Mark(DataDirectory directory, IFileSystem files, CancellationToken cancel)
    {
        var marked = await ClusterOf(files, directory.Path, cancel);
        if (marked is not null && marked != Cluster)
        {
            return Failure.Invalid($"the data directory {directory.Path} belongs to the cluster '{marked}', not to '{Cluster}'; name that one, or another directory with --data");
        }

        // What stands there needs no room on the disk.
        var named = marked is null ? await SmallFile.Write(files, directory.Path, MarkName, Cluster, cancel) : Result.Ok;
        return named.Succeeded && await ReadToken(files, directory.Path, cancel) != Token ? await SmallFile.Write(files, directory.Path, TokenName, Token, cancel) : named;
    }
}
