using Elanus.Primitives;
using Elanus.Replication;

namespace Elanus.Server;

/// <summary>Finds out that the active says it is reached where this node says it is: neither reaches the other then, and each would take calls for the other as its own.</summary>
internal static class SharedAddress
{
    private static readonly TimeSpan LookAgain = TimeSpan.FromSeconds(1);

    /// <summary>
    /// Completes with a sentence for the operator when that is certain: the active is another node, and renews its hint at the arbiter. What this node was before it gave up its id, and what was
    /// at its address before it, do not.
    /// </summary>
    public static async Task<Failure> Found(ReplicatedLog replica, NodeId self, string own, TimeProvider time, CancellationToken stop)
    {
        while (true)
        {
            if (replica.State.Active is { } active
                && active.Node != self
                && active.Address == own
                && (await replica.ActiveElsewhere(stop)).TryGet(out var alive, out _)
                && alive?.Node == active.Node
                && replica.State is { IsActive: false, Active: { } still } && still == active)
            {
                return Failure.Invalid(
                    $"the active node {active.Node} says that it is reached at {own}, and so does this one, {self}: give each node an address of its own that the others reach, with --advertise HOST:PORT");
            }

            await Task.Delay(LookAgain, time, stop);
        }
    }
}
