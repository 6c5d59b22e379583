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

    /// <summary>Whom the caller means to reach. Left out by older nodes.</summary>
    private const string ToHeader = "elanus-to";
    private const string TokenHeader = "elanus-token";
    private const string FormatHeader = "elanus-format";
    internal const string ClockHeader = "elanus-clock";

    /// <summary>The newest record format that this node reads.</summary>
    public int NewestFormat { get; init; } = RecordHeader.CurrentFormat;

    internal RpcMetadata Shown(DateTimeOffset now, NodeId? to = null)
    {
        var shown = new RpcMetadata();
        shown.Add(ClusterHeader, Cluster);
        shown.Add(NodeHeader, Node.ToString());
        shown.Add(TokenHeader, Token);
        if (to is { } other)
        {
            shown.Add(ToHeader, other.ToString());
        }

        shown.Add(FormatHeader, NewestFormat.ToString(CultureInfo.InvariantCulture));
        shown.Add(ClockHeader, now.ToUnixTimeMilliseconds().ToString(CultureInfo.InvariantCulture));
        return shown;
    }

    /// <summary>The node behind a call, and what it reads; or, where the status is not OK, why it is refused.</summary>
    /// <param name="header">The call's metadata.</param>
    /// <param name="written">The record format that this node writes while it is active.</param>
    /// <param name="caller">Who calls.</param>
    /// <param name="newestFormat">The newest record format that the caller reads.</param>
    internal RpcStatus Judge(Func<string, string?> header, int written, out NodeId caller, out int newestFormat)
    {
        caller = default;
        newestFormat = 0;
        if (header(TokenHeader) is not { } token || !CryptographicOperations.FixedTimeEquals(Encoding.UTF8.GetBytes(token), Encoding.UTF8.GetBytes(Token)))
        {
            return new RpcStatus(RpcStatusCode.Unauthenticated, "the cluster's token is missing or another; all nodes of a cluster need the same cluster.token");
        }

        var cluster = header(ClusterHeader);
        if (cluster != Cluster)
        {
            return new RpcStatus(RpcStatusCode.PermissionDenied, $"this node belongs to the cluster '{Cluster}', the caller to '{cluster}'");
        }

        if (!ulong.TryParse(header(NodeHeader), NumberStyles.HexNumber, CultureInfo.InvariantCulture, out var node))
        {
            return new RpcStatus(RpcStatusCode.InvalidArgument, $"the header {NodeHeader} is no node's id");
        }

        if (node == Node.Value)
        {
            return new RpcStatus(
                RpcStatusCode.FailedPrecondition,
                $"two processes say that they are node {Node}: one data directory is a copy of the other; empty one of them, it then joins as a new member");
        }

        if (header(ToHeader) is { } meant && meant != Node.ToString())
        {
            return new RpcStatus(
                RpcStatusCode.FailedPrecondition,
                $"it is node {Node}, and not node {meant}: where that was not replaced by this one, two nodes say that they are reached at the same address, and each needs its own (--advertise)");
        }

        if (!int.TryParse(header(FormatHeader), NumberStyles.None, CultureInfo.InvariantCulture, out newestFormat) || Math.Abs(newestFormat - NewestFormat) > FormatsApart)
        {
            return new RpcStatus(
                RpcStatusCode.FailedPrecondition,
                $"node {new NodeId(node)} knows record format {header(FormatHeader)}, node {Node} {NewestFormat}, and versions may be {FormatsApart} apart: upgrade the older one first, one version at a time");
        }

        if (newestFormat < written)
        {
            return new RpcStatus(
                RpcStatusCode.FailedPrecondition,
                $"the cluster's records are of format {written} by now, and node {new NodeId(node)} reads up to {newestFormat}: upgrade it");
        }

        caller = new(node);
        return RpcStatus.Ok;
    }
}
