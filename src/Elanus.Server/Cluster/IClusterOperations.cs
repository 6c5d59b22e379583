using Elanus.Primitives;
using Elanus.Server.Operations.Protocol;

namespace Elanus.Server;

/// <summary>What an operator may ask of a member of a cluster.</summary>
internal interface IClusterOperations
{
    /// <summary>Hands over to a member, or to the one that is furthest.</summary>
    Task<OperationOutcome> Switchover(NodeId? to, CancellationToken cancel);

    Task<OperationOutcome> Promote(CancellationToken cancel);

    Task<OperationOutcome> Remove(NodeId node, CancellationToken cancel);
}
