using Elanus.Primitives;
using Elanus.Replication;
using Elanus.Server.Operations.Protocol;

namespace Elanus.Server;

/// <summary>The status of a member of a cluster. Any thread.</summary>
/// <param name="node">The member.</param>
/// <param name="replica">Its part in the cluster.</param>
/// <param name="isConnected">Whether a stream to another node stands.</param>
/// <param name="address">Where others reach this node.</param>
/// <param name="cluster">The cluster's name.</param>
/// <param name="heldCalls">Clients' calls that wait here for the active, or are on their way to it.</param>
internal sealed class ClusterStatus(StandaloneNode node, ReplicatedLog replica, Func<NodeId, bool> isConnected, string address, string cluster, Func<int> heldCalls)
{
    public NodeStatus Now()
    {
        var state = replica.State;
        var (records, time) = replica.Lag;
        var whyNothingCommits = NodeHealth.WhyNothingCommits(replica);
        var status = new NodeStatus
        {
            Role = state.IsActive ? "active" : "standby",
            Epoch = state.Epoch.Number,
            Pid = Environment.ProcessId,
            Version = ClientCalls.ProductVersion,
            Node = node.Node.ToString(),
            Address = address,
            Cluster = cluster,
            Active = state.Active?.Address ?? "",
            Committed = node.Committed.Number,
            Applied = node.Roles.Applied.Number,
            Durable = replica.LastDurable.Number,
            LagRecords = records,
            LagSeconds = Math.Round(time.TotalSeconds, 3),
            Serving = NodeHealth.IsServing(node, replica),
            MinInSync = replica.MinInSync,
            AcceptsWrites = state.AcceptsWrites && node.Shortage is null && whyNothingCommits is null,
            AloneInSet = IsAlone(state),
            HeldCalls = heldCalls(),
            RecordFormat = replica.Format,
            NewestFormat = replica.Files.NewestFormat,
        };
        status.InSync.Add(state.InSync.Select(member => member.Address));
        status.Peers.Add(state.IsActive ? replica.Peers.Select(Seen) : Others(state));
        status.Failovers.Add(state.Turns.Select(turn => new Failover
        {
            Epoch = turn.Epoch.Number,
            Holder = turn.Holder.Address,
            AtMs = turn.At.ToUnixTimeMilliseconds(),
            Why = turn.Why,
        }));
        if (status.AloneInSet)
        {
            status.Warnings.Add(AloneSentence);
        }

        if (state.IsActive && !state.AcceptsWrites)
        {
            status.Warnings.Add(replica.WhyNoWrites);
        }

        if (whyNothingCommits is not null)
        {
            status.Warnings.Add(whyNothingCommits);
        }

        if (state.Copying is { } copying)
        {
            status.Copying = $"copying {copying.Percent} %";
        }

        if (state.IsActive)
        {
            status.Takeover = replica.Takeover.ToString();
        }

        status.Warnings.Add(state.Sentences);
        return status;
    }

    public const string AloneSentence = "this node is alone in its in-sync set: what is written now is lost if its disk is";

    public static bool IsAlone(ReplicaState state) => state is { IsActive: true, InSync.Length: 1 };

    private Peer Seen(PeerStanding peer) => new()
    {
        Node = peer.Member.Node.ToString(),
        Address = peer.Member.Address,
        InSync = peer.InSync,
        Connected = peer.IsHeard,
        LagRecords = node.Committed.Number - Math.Min(node.Committed.Number, peer.Held),
    };

    /// <summary>How far the others are is the active's knowledge; a standby knows who they are and whom it reaches.</summary>
    private IEnumerable<Peer> Others(ReplicaState state) => state.InSync
        .Concat(state.Active is { } active ? [active] : [])
        .DistinctBy(member => member.Node)
        .Where(member => member.Node != node.Node)
        .Select(member => new Peer
        {
            Node = member.Node.ToString(),
            Address = member.Address,
            InSync = state.InSync.Any(one => one.Node == member.Node),
            Connected = isConnected(member.Node),
        });
}
