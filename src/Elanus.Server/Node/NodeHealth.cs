using Elanus.Milvus;

namespace Elanus.Server;

/// <summary>How a node is, as its clients are told.</summary>
internal static class NodeHealth
{
    public static ServerHealth Of(StandaloneNode node) =>
        node.Death is { IsCompletedSuccessfully: true } ended ? ServerHealth.Ill($"the node cannot go on and stops: {ended.Result.Message}")
        : node.Shortage is { } full ? ServerHealth.WritesDenied(full)
        : ServerHealth.Good;
}
