using Elanus.Primitives;
using Elanus.Server.Operations.Protocol;

namespace Elanus.Server;

/// <summary>What an operator may ask of a member of a cluster.</summary>
internal interface IClusterOperations
{
    /// <summary>Hands over to a member, or to the one that is furthest.</summary>
    Task<OperationOutcome> Switchover(NodeId? to, CancellationToken cancel);

    Task<OperationOutcome> Promote(CancellationToken cancel);

    Task<OperationOutcome> Remove(NodeId node, bool force, CancellationToken cancel);

    /// <summary>Lets a node in again that was taken out, and waits until it is in sync.</summary>
    Task<OperationOutcome> Add(NodeId node, CancellationToken cancel);
}
