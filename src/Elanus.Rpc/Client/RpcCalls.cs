using Elanus.Rpc.Framing;
using Google.Protobuf;

namespace Elanus.Rpc;

/// <summary>Calls with typed messages, over any caller.</summary>
public static class RpcCalls
{
    /// <summary>One message out, one back.</summary>
    public static ValueTask<RpcResult<TResponse>> Call<TRequest, TResponse>(
        this IRpcCaller caller, RpcMethod<TRequest, TResponse> method, TRequest request, CancellationToken cancel)
        where TRequest : class, IMessage<TRequest>
        where TResponse : class, IMessage<TResponse> => caller.Call(method, request, RpcCallOptions.None, cancel);

    /// <summary>One message out, one back.</summary>
    public static async ValueTask<RpcResult<TResponse>> Call<TRequest, TResponse>(
        this IRpcCaller caller, RpcMethod<TRequest, TResponse> method, TRequest request, RpcCallOptions options, CancellationToken cancel)
        where TRequest : class, IMessage<TRequest>
        where TResponse : class, IMessage<TResponse>
    {
        using var answer = await caller.CallRaw(method, RpcPayload.Of(request), options, cancel);
        return answer.Status.IsOk ? Parse<TResponse>(method, answer.Message) : answer.Status;
    }

    /// <summary>Opens a call of any kind.</summary>
    public static RpcExchange<TRequest, TResponse> Open<TRequest, TResponse>(
        this IRpcCaller caller, RpcMethod<TRequest, TResponse> method, RpcCallOptions options, CancellationToken cancel)
        where TRequest : class, IMessage<TRequest>
        where TResponse : class, IMessage<TResponse> => new(caller.OpenRaw(method, options, cancel), method);

    internal static RpcResult<T> Parse<T>(RpcMethod method, ReadOnlyMemory<byte> message)
        where T : class, IMessage<T>
    {
        var type = method.Descriptor.OutputType;
        try
        {
            return (T)type.Parser.ParseFrom(message.Span);
        }
        catch (InvalidProtocolBufferException fault)
        {
            return FrameStatus.Malformed(type.FullName, fault.Message);
        }
    }
}
