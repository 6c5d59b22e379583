using Elanus.Milvus;
using Elanus.Primitives;
using Elanus.Replication;

namespace Elanus.Server;

/// <summary>How a node is, as its clients are told.</summary>
internal static class NodeHealth
{
    public static ServerHealth Of(StandaloneNode node) =>
        node.Death is { IsCompletedSuccessfully: true } ended ? ServerHealth.Ill($"the node cannot go on and stops: {ended.Result.Message}")
        : node.Replica is { } replica && !node.Active.IsCompletedSuccessfully ? Standby(replica.State)
        : node.Shortage is { } full ? ServerHealth.WritesDenied(full)
        : node.Replica is { State.AcceptsWrites: false } lonely ? ServerHealth.WritesDenied(new(FailureCode.Unavailable, lonely.WhyNoWrites))
        : ServerHealth.Good;

    /// <summary>A standby is well while it knows an active: then whoever calls it is served.</summary>
    private static ServerHealth Standby(ReplicaState state) =>
        state.Active is null ? ServerHealth.Ill("this node is a standby and knows no active node") with { IsStandby = true } : ServerHealth.Good with { IsStandby = true };
}
