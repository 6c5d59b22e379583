namespace Elanus.Rpc;

/// <summary>
/// Ends a call with a status where no value can carry it: between a stream's reader or writer and the boundary of the call.
/// The server turns it into that status; typed client streams throw it when the call ends badly.
/// </summary>
public sealed class RpcException(RpcStatus status) : Exception(status.ToString())
{
    public RpcException(RpcStatusCode code, string message)
        : this(new RpcStatus(code, message))
    {
    }

    public RpcStatus Status { get; } = status;
}
