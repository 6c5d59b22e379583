namespace Elanus.Rpc;

/// <summary>A method and what serves it. The delegate reads and writes messages through the call and returns how it ended.</summary>
public sealed record RpcHandler(RpcMethod Method, Func<RpcServerCall, ValueTask<RpcStatus>> Invoke);
