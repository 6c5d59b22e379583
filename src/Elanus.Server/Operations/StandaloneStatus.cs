using Elanus.Server.Operations.Protocol;

namespace Elanus.Server;

/// <summary>The status of a node that is alone.</summary>
internal static class StandaloneStatus
{
    public static NodeStatus Of(StandaloneNode node, string address) => new()
    {
        Role = "active",
        Epoch = node.Epoch.Number,
        InSync = { address },
        Pid = Environment.ProcessId,
        Version = ClientCalls.ProductVersion,
        Node = node.Node.ToString(),
        Address = address,
        Active = address,
        Committed = node.Committed.Number,
        Applied = node.Roles.Applied.Number,
        RecordFormat = node.Formats.Written,
        NewestFormat = node.Formats.Newest,
        AcceptsWrites = node.Shortage is null,
        Serving = !node.Death.IsCompleted,
        Warnings = { NodeHealth.Of(node).Reasons },
    };
}
