using Elanus.Replication;
using Elanus.Server.Operations.Protocol;

namespace Elanus.Server;

/// <summary>The status of a member of a cluster.</summary>
internal static class ClusterStatus
{
    public static NodeStatus Of(StandaloneNode node, ReplicatedLog replica, string address, string cluster)
    {
        var state = replica.State;
        var serves = node.Active.IsCompletedSuccessfully && !node.Death.IsCompleted;
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
            LagRecords = node.Committed.Number - Math.Min(node.Committed.Number, node.Roles.Applied.Number),
            Serving = state.IsActive ? serves : state.Active is not null && !node.Death.IsCompleted,
        };
        status.InSync.Add(state.InSync.Select(member => member.Address));
        status.Failovers.Add(state.Turns.Select(turn => new Failover
        {
            Epoch = turn.Epoch.Number,
            Holder = turn.Holder.Address,
            AtMs = turn.At.ToUnixTimeMilliseconds(),
            Why = turn.Why,
        }));
        if (state.IsActive && state.InSync.Length == 1)
        {
            status.Warnings.Add("this node is alone in its in-sync set: what is written now is lost if its disk is");
        }

        status.Warnings.Add(state.Sentences);
        return status;
    }
}
