using Elanus.Coordination;
using Elanus.Primitives;
using Elanus.Replication;

namespace Elanus.Server;

/// <summary>What a supervisor does when the process of an epoch has ended: takes its hint back from the arbiter, and tells the other members.</summary>
public static class EndedEpoch
{
    private static readonly TimeSpan AskAgain = TimeSpan.FromMilliseconds(50);

    /// <summary>Ends when everybody was told; whoever is not reached is told again, until cancelled.</summary>
    public static async Task Tell(ServerConfiguration configuration, SupervisedEpoch ended, CancellationToken cancel)
    {
        var cluster = configuration.Cluster;
        var (files, random) = (new RealFileSystem(), new SystemRandom());
        if (!NodeTls.Of(configuration.Tls).TryGet(out var tls, out _)
            || !ArbiterAddress.Parse(cluster.Arbiter).TryGet(out var address, out _)
            || !address.Open(files, TimeProvider.System, random).TryGet(out var arbiter, out _))
        {
            return;
        }

        await using (arbiter)
        {
            // The server has kept it in its directory before it became active; asking the arbiter first would take the time that this is about.
            var token = cluster.Token.Length > 0 ? cluster.Token : await ClusterMembership.ReadToken(files, Path.GetFullPath(configuration.DataPath), cancel) ?? "";
            var credentials = new PeerCredentials(cluster.Name, ended.Node, token) { NewestFormat = configuration.Log.NewestFormat };
            var telling = ended.Peers.Select(async peer =>
            {
                using var channel = tls.Dial(peer, ClusterHost.DialPatience);
                while (!await RpcPeerNetwork.TellEpochEnded(channel, credentials, ended.Epoch, TimeProvider.System, cancel))
                {
                    // It may just be starting.
                    await Task.Delay(AskAgain, TimeProvider.System, cancel);
                }
            }).ToList();
            await arbiter.WithdrawAsync(cluster.Name, ended.Epoch, cancel);
            await Task.WhenAll(telling);
        }
    }
}
