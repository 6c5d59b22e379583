using Elanus.Rpc;

namespace Elanus.Clients.Etcd;

/// <summary>
/// What one call came to: a reply, or why there is none, and whether it is certain that no member acted on it. <paramref name="Repeated"/>: another member may have acted on it as well.
/// </summary>
internal readonly record struct EtcdReply<T>(T? Reply, RpcStatus Status, bool NothingDone, string Endpoint, bool Repeated = false)
    where T : class
{
    /// <summary>Whether another member may do better.</summary>
    public bool IsAway => EtcdReply.IsAway(Status);

    public Failure Failure(string cluster) => new(
        Status.Code switch
        {
            RpcStatusCode.Unauthenticated => FailureCode.NotAuthenticated,
            RpcStatusCode.PermissionDenied => FailureCode.NotPermitted,
            RpcStatusCode.NotFound => FailureCode.MissingParameter,
            _ => FailureCode.Unavailable,
        },
        $"{cluster}: the member {Endpoint} answered {Status}");
}

internal static class EtcdReply
{
    /// <summary>Whether another member may do better than one that ended a call so.</summary>
    public static bool IsAway(RpcStatus status) =>
        status.Code is RpcStatusCode.Unavailable or RpcStatusCode.DeadlineExceeded or RpcStatusCode.Cancelled or RpcStatusCode.Internal or RpcStatusCode.Unknown;
}
