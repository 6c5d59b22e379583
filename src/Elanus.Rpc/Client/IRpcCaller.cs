namespace Elanus.Rpc;

/// <summary>
/// Makes calls to one server (see <see cref="RpcCalls"/> for typed messages), whatever carries them: the network in production, a simulated one in the simulator. Any thread.
/// Failures of the network and of the server are statuses; only the caller's own cancellation throws.
/// </summary>
public interface IRpcCaller
{
    /// <summary>One message out, at most one back; the taker disposes the answer.</summary>
    ValueTask<RpcAnswer> CallRaw(RpcMethod method, RpcPayload request, RpcCallOptions options, CancellationToken cancel);

    /// <summary>Opens a call of any kind; <paramref name="cancel"/> holds for its whole life.</summary>
    IRpcExchange OpenRaw(RpcMethod method, RpcCallOptions options, CancellationToken cancel);
}
