using Elanus.Coordination;
using Elanus.Log;
using Elanus.Primitives;
using Elanus.Replication;

namespace Elanus.Server;

/// <summary>What makes a node a member of a cluster rather than alone.</summary>
/// <param name="Cluster">The cluster's name; the arbiter's record stands under it.</param>
/// <param name="Address">Where others reach this node: HOST:PORT.</param>
/// <param name="Arbiter">The judge; the caller's.</param>
/// <param name="Network">The way to the other nodes, given this node's id; the caller's.</param>
/// <param name="Options">The bounds of the protocol.</param>
public sealed record ClusterMembership(string Cluster, string Address, IArbiter Arbiter, Func<NodeId, IPeerNetwork> Network, ReplicaOptions Options)
{
    private const string MarkName = "cluster.name";

    /// <summary>The directory's log as one of the cluster's. A directory of another cluster is refused.</summary>
    internal async Task<Result<ReplicatedLog>> Join(
        DataDirectory directory, ChannelId channel, FileLogOptions log, HybridClock clock, NodeSeams seams, CancellationToken cancel)
    {
        if (!(await Mark(directory, seams.Files, cancel)).TryGet(out _, out var failure))
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

    /// <summary>A directory belongs to the cluster that it was first used in.</summary>
    private async Task<Result<Unit>> Mark(DataDirectory directory, IFileSystem files, CancellationToken cancel)
    {
        var path = $"{directory.Path}/{MarkName}";
        if (await files.OpenAsync(path, FileIntent.Read, cancel) is { } there)
        {
            await using (there)
            {
                var name = new byte[await there.LengthAsync(cancel)];
                await there.ReadAsync(0, name, cancel);
                var marked = System.Text.Encoding.UTF8.GetString(name);
                return marked == Cluster
                    ? Result.Ok
                    : Failure.Invalid($"the data directory {directory.Path} belongs to the cluster '{marked}', not to '{Cluster}'; name that one, or another directory with --data");
            }
        }

        var passing = $"{path}.tmp";
        await files.DeleteAsync(passing, cancel);
        if (!(await files.CreateAsync(passing, cancel)).TryGet(out var file, out var failure))
        {
            return failure;
        }

        await using (file)
        {
            var written = await file.WriteDurablyAsync(0, [System.Text.Encoding.UTF8.GetBytes(Cluster)], cancel);
            if (!written.Succeeded)
            {
                return written;
            }
        }

        var named = await files.RenameAsync(passing, path, cancel);
        await files.SyncDirectoryAsync(directory.Path, cancel);
        return named;
    }
}
