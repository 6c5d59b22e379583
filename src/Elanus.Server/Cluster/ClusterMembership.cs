using System.Text;
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

    /// <summary>The token that a member keeps in its directory; null where there is none.</summary>
    public static async Task<string?> ReadToken(IFileSystem files, string directory, CancellationToken cancel) => await Read(files, $"{directory}/{TokenName}", cancel);

    /// <summary>A directory belongs to the cluster that it was first used in; the token stands beside that, for operators' commands.</summary>
    private async Task<Result<Unit>> Mark(DataDirectory directory, IFileSystem files, CancellationToken cancel)
    {
        if (await Read(files, $"{directory.Path}/{MarkName}", cancel) is { } marked && marked != Cluster)
        {
            return Failure.Invalid($"the data directory {directory.Path} belongs to the cluster '{marked}', not to '{Cluster}'; name that one, or another directory with --data");
        }

        var named = await Write(files, directory.Path, MarkName, Cluster, cancel);
        return named.Succeeded ? await Write(files, directory.Path, TokenName, Token, cancel) : named;
    }

    private static async Task<string?> Read(IFileSystem files, string path, CancellationToken cancel)
    {
        if (await files.OpenAsync(path, FileIntent.Read, cancel) is not { } file)
        {
            return null;
        }

        await using (file)
        {
            var text = new byte[await file.LengthAsync(cancel)];
            await file.ReadAsync(0, text, cancel);
            return Encoding.UTF8.GetString(text);
        }
    }

    private static async Task<Result<Unit>> Write(IFileSystem files, string directory, string name, string text, CancellationToken cancel)
    {
        var passing = $"{directory}/{name}.tmp";
        await files.DeleteAsync(passing, cancel);
        if (!(await files.CreateAsync(passing, cancel)).TryGet(out var file, out var failure))
        {
            return failure;
        }

        await using (file)
        {
            var written = await file.WriteDurablyAsync(0, [Encoding.UTF8.GetBytes(text)], cancel);
            if (!written.Succeeded)
            {
                return written;
            }
        }

        var named = await files.RenameAsync(passing, $"{directory}/{name}", cancel);
        await files.SyncDirectoryAsync(directory, cancel);
        return named;
    }
}
