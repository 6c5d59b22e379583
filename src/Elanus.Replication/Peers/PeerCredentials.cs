using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Elanus.Rpc;

namespace Elanus.Replication;

/// <summary>What a node shows another: the cluster, itself, the cluster's token, and the newest record format that it reads.</summary>
public sealed record PeerCredentials(string Cluster, NodeId Node, string Token)
{
    /// <summary>Nodes whose formats differ by more than this do not talk.</summary>
    public const int FormatsApart = 1;

    private const string ClusterHeader = "elanus-cluster";
    private const string NodeHeader = "elanus-node";
    private const string TokenHeader = "elanus-token";
    private const string FormatHeader = "elanus-format";

    internal RpcMetadata Shown()
    {
        var shown = new RpcMetadata();
        shown.Add(ClusterHeader, Cluster);
        shown.Add(NodeHeader, Node.ToString());
        shown.Add(TokenHeader, Token);
        shown.Add(FormatHeader, RecordHeader.CurrentFormat.ToString(CultureInfo.InvariantCulture));
        return shown;
    }

    /// <summary>The node behind a call, or, where the status is not OK, why it is refused.</summary>
    internal RpcStatus Judge(RpcContext call, out NodeId caller)
    {
        caller = default;
        if (call.Header(TokenHeader) is not { } token || !CryptographicOperations.FixedTimeEquals(Encoding.UTF8.GetBytes(token), Encoding.UTF8.GetBytes(Token)))
        {
            return new RpcStatus(RpcStatusCode.Unauthenticated, "the cluster's token is missing or another; all nodes of a cluster need the same cluster.token");
        }

        var cluster = call.Header(ClusterHeader);
        if (cluster != Cluster)
        {
            return new RpcStatus(RpcStatusCode.PermissionDenied, $"this node belongs to the cluster '{Cluster}', the caller to '{cluster}'");
        }

        if (!ulong.TryParse(call.Header(NodeHeader), NumberStyles.HexNumber, CultureInfo.InvariantCulture, out var node))
        {
            return new RpcStatus(RpcStatusCode.InvalidArgument, $"the header {NodeHeader} is no node's id");
        }

        if (node == Node.Value)
        {
            return new RpcStatus(
                RpcStatusCode.FailedPrecondition,
                $"two processes say that they are node {Node}: one data directory is a copy of the other; empty one of them, it then joins as a new member");
        }

        caller = new(node);
        return int.TryParse(call.Header(FormatHeader), NumberStyles.None, CultureInfo.InvariantCulture, out var format)
            && Math.Abs(format - RecordHeader.CurrentFormat) <= FormatsApart
            ? RpcStatus.Ok
            : new RpcStatus(
                RpcStatusCode.FailedPrecondition,
                $"the caller writes format {call.Header(FormatHeader)}, this node {RecordHeader.CurrentFormat}: upgrade the older one first, one version at a time");
    }
}
