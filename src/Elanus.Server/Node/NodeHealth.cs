using Elanus.Milvus;
using Elanus.Primitives;
using Elanus.Replication;

namespace Elanus.Server;

/// <summary>How a node is, as its clients, operators and load balancers are told.</summary>
internal static class NodeHealth
{
    /// <summary>A failover takes less. A standby that has not heard its active for so long passes calls on to nobody.</summary>
    private static readonly TimeSpan SilenceMax = TimeSpan.FromSeconds(3);

    public static ServerHealth Of(StandaloneNode node) =>
        node.Death is { IsCompletedSuccessfully: true } ended ? ServerHealth.Ill($"the node cannot go on and stops: {ended.Result.Message}")
        : node.Replica is { } replica && !node.Active.IsCompletedSuccessfully ? Standby(replica)
        : node.Shortage is { } full ? ServerHealth.WritesDenied(full)
        : node.Replica is { State.AcceptsWrites: false } lonely ? ServerHealth.WritesDenied(new(FailureCode.Unavailable, lonely.WhyNoWrites))
        : node.Replica is { } active && WhyNothingCommits(active) is { } why ? ServerHealth.WritesDenied(new(FailureCode.Unavailable, why))
        : ServerHealth.Good;

    /// <summary>Whether clients that come to this node are served: by itself as the active, or by the active that it hears.</summary>
    public static bool IsServing(StandaloneNode node, ReplicatedLog replica) =>
        !node.Death.IsCompleted && (replica.State.IsActive ? node.Active.IsCompletedSuccessfully && !IsCutOff(replica) : WhyNoActive(replica) is null);

    /// <summary>Why writes and Strong reads wait on this active; null where they do not, and on other nodes.</summary>
    public static string? WhyNothingCommits(ReplicatedLog replica)
    {
        if (!replica.State.IsActive)
        {
            return null;
        }

        var silent = Silent(replica);
        return silent.Count > 0
            ? $"{string.Join(" and ", silent)} in the in-sync set {(silent.Count == 1 ? "does" : "do")} not answer: writes and Strong reads wait until that ends{Leaving(replica)}"
            : replica is { LacksArbiter: true, State.InSync.Length: 1 } ? "this node is alone in its in-sync set, and the arbiter that must confirm it does not answer or takes no change: writes and Strong reads wait until it does"
            : null;
    }

    private static string Leaving(ReplicatedLog replica) =>
        replica.LacksArbiter ? "; the set cannot change, for the arbiter does not answer or takes no change either"
        : replica.State.InSync.Length - 1 <= replica.MinInSync ? $", or an operator takes it out (cluster.minInSync is {replica.MinInSync})"
        : "";

    /// <summary>Neither the others nor the arbiter are reached: another one may be the active by now.</summary>
    private static bool IsCutOff(ReplicatedLog replica) => replica.LacksArbiter && Silent(replica).Count > 0;

    private static List<string> Silent(ReplicatedLog replica)
    {
        var peers = replica.Peers;
        return [.. replica.State.InSync.Where(member => peers.Any(peer => peer.Member.Node == member.Node && !peer.IsHeard)).Select(member => member.Address)];
    }

    /// <summary>A standby is well while it hears an active: then whoever calls it is served.</summary>
    private static ServerHealth Standby(ReplicatedLog replica) =>
        (WhyNoActive(replica) is { } why ? ServerHealth.Ill(why) : ServerHealth.Good) with { IsStandby = true };

    private static string? WhyNoActive(ReplicatedLog replica) =>
        replica.State.Active is not { } active ? "this node is a standby and knows no active node"
        : replica.Silence > SilenceMax ? $"this node is a standby and has not heard the active node {active.Address} for {replica.Silence.TotalSeconds:0} s"
        : null;
}
