using Elanus.Roles;

namespace Elanus.Server;

/// <summary>HTTP headers between nodes that forward calls.</summary>
internal static class ForwardingHeaders
{
    /// <summary>Names a call through all its attempts, 32 hexadecimal digits; clients may set it too.</summary>
    public const string RequestId = RequestIdentity.Header;

    /// <summary>On a request: a node of the cluster with this mark (<see cref="OwnCluster"/>) passed it on, so the receiver answers it itself or refuses, and never passes it on again.</summary>
    public const string Forwarded = "elanus-forwarded";

    /// <summary>On a reply: the receiver is not active, and did nothing.</summary>
    public const string NotActive = Milvus.NotActive.Header;

    /// <summary>Headers that belong to one connection, or that the next hop sets itself.</summary>
    public static bool IsOfTheHop(string name) =>
        name.StartsWith(':')
        || name.Equals("connection", StringComparison.OrdinalIgnoreCase)
        || name.Equals("keep-alive", StringComparison.OrdinalIgnoreCase)
        || name.Equals("host", StringComparison.OrdinalIgnoreCase)
        || name.Equals("transfer-encoding", StringComparison.OrdinalIgnoreCase)
        || name.Equals("upgrade", StringComparison.OrdinalIgnoreCase)
        || name.Equals("expect", StringComparison.OrdinalIgnoreCase)
        || name.Equals("trailer", StringComparison.OrdinalIgnoreCase)
        || name.Equals("content-length", StringComparison.OrdinalIgnoreCase)
        || name.Equals("grpc-timeout", StringComparison.OrdinalIgnoreCase);
}
