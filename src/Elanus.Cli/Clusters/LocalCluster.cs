using Elanus.Primitives;
using Elanus.Server.Operations.Protocol;

namespace Elanus.Cli;

/// <summary>Nodes of one cluster on this machine, and what they say of themselves.</summary>
internal sealed class LocalCluster(IReadOnlyList<NodeProcess> nodes, TimeProvider time) : IDisposable
{
    private static readonly TimeSpan WholeMax = TimeSpan.FromSeconds(60);
    private static readonly TimeSpan LookAgain = TimeSpan.FromMilliseconds(50);

    public IReadOnlyList<NodeProcess> Nodes => nodes;

    /// <summary>Waits until one node is active, above an epoch, and all are in sync.</summary>
    public async Task<Result<NodeStatus>> Whole(CancellationToken cancel, ulong above = 0)
    {
        var started = time.GetTimestamp();
        while (time.GetElapsedTime(started) < WholeMax)
        {
            foreach (var node in nodes)
            {
                if (await node.Status(cancel) is { Role: "active", Serving: true } status && status.Epoch > above && status.InSync.Count == nodes.Count)
                {
                    return status;
                }
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
