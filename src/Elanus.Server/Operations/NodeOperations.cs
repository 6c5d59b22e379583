using Elanus.Rpc;
using Elanus.Server.Operations.Protocol;

namespace Elanus.Server;

/// <summary>The service for operators and scripts, on the client port.</summary>
internal static class NodeOperations
{
    public static readonly string ServiceName = NodeReflection.Descriptor.Services.Single().FullName;

    public static RpcService Service(Func<NodeStatus> status) => new RpcServiceBuilder(NodeReflection.Descriptor.Services.Single())
        .Unary<StatusRequest, NodeStatus>("Status", (_, _) => new(RpcResult<NodeStatus>.Ok(status())))
        .Build();
}
