using Elanus.Primitives;
using Elanus.Server.Operations.Protocol;

namespace Elanus.Cli;

/// <summary>Nodes of one cluster on this machine, and what they say of themselves.</summary>
internal sealed class LocalCluster(IReadOnlyList<NodeProcess> nodes, TimeProvider time) : IDisposable
{
    private static readonly TimeSpan WholeMax = TimeSpan.FromSeconds(60);
    private static readonly TimeSpan LookAgain = TimeSpan.FromMilliseconds(50);

    public IReadOnlyList<NodeProcess> Nodes => nodes;

    /// <summary>Waits until one node is active, above an epoch, all are in sync, and all say so of the same epoch.</summary>
    public async Task<Result<NodeStatus>> Whole(CancellationToken cancel, ulong above = 0)
    {
        var started = time.GetTimestamp();
        while (time.GetElapsedTime(started) < WholeMax)
        {
            var all = await Task.WhenAll(nodes.Select(node => node.Status(cancel)));
            if (all.OfType<NodeStatus>().Where(status => status is { Role: "active", Serving: true }).ToList() is [var active]
                && active.Epoch > above && active.InSync.Count == nodes.Count && all.All(status => status?.Epoch == active.Epoch))
            {
                return active;
            }

            await Task.Delay(LookAgain, time, cancel);
        }

        return new Failure(FailureCode.Unavailable, $"the cluster was not whole within {WholeMax.TotalSeconds:0} s; its nodes said: {string.Join(" || ", nodes.Select(node => node.Said))}");
    }

    public NodeProcess At(string address) => nodes.Single(node => node.Address == address);

    public void Dispose()
    {
        foreach (var node in nodes)
        {
            node.Dispose();
        }
    }
}
