using Elanus.Primitives;
using Google.Protobuf;
using Google.Protobuf.Reflection;

namespace Elanus.Rpc;

/// <summary>
/// Gathers the handlers of one service. Names and message types are checked against the descriptor as they are added, and a method
/// has one handler at most: a mistake is a bug and throws.
/// </summary>
public sealed class RpcServiceBuilder(ServiceDescriptor service)
{
    private readonly Dictionary<string, RpcHandler> handlers = [];

    /// <summary>One message in, one out.</summary>
    public RpcServiceBuilder Unary<TRequest, TResponse>(string name, Func<TRequest, RpcContext, ValueTask<RpcResult<TResponse>>> handle)
        where TRequest : class, IMessage<TRequest>
        where TResponse : class, IMessage<TResponse>
    {
        var method = new RpcMethod<TRequest, TResponse>(service, name);
        return Add(method, clientStreams: false, serverStreams: false, async call =>
        {
            var request = (TRequest)await call.ReadOnlyMessage(method.Descriptor.InputType);
            return (await handle(request, call)).TryGet(out var reply, out var status) ? await Answer(call, RpcPayload.Of(reply)) : status;
        });
    }

    /// <summary>One message in, one out, of whatever types the method has; for handlers that serve many methods.</summary>
    public RpcServiceBuilder Unary(string name, Func<IMessage, RpcContext, ValueTask<RpcReply>> handle)
    {
        var method = RpcMethod.Of(service, name);
        return Add(method, clientStreams: false, serverStreams: false, async call =>
            await Answer(call, await handle(await call.ReadOnlyMessage(method.Descriptor.InputType), call)));
    }

    /// <summary>
    /// One message in as its bytes; one out, perhaps serialised already. The bytes are valid until the handler returns, and for good where it throws: it may have given up
    /// waiting for work that goes on reading them.
    /// </summary>
    public RpcServiceBuilder UnaryRaw(string name, Func<ReadOnlyMemory<byte>, RpcContext, ValueTask<RpcReply>> handle) =>
        Add(RpcMethod.Of(service, name), clientStreams: false, serverStreams: false, async call =>
        {
            var request = await call.ReadOnlyBytes();
            var reply = await handle(request.Memory, call);
            using (request)
            {
                return await Answer(call, reply);
            }
        });

    /// <summary>One message in, many out.</summary>
    public RpcServiceBuilder ServerStreaming<TRequest, TResponse>(string name, Func<TRequest, RpcWriter<TResponse>, RpcContext, ValueTask<RpcStatus>> handle)
        where TRequest : class, IMessage<TRequest>
        where TResponse : class, IMessage<TResponse>
    {
        var method = new RpcMethod<TRequest, TResponse>(service, name);
        return Add(method, clientStreams: false, serverStreams: true, async call =>
            await handle((TRequest)await call.ReadOnlyMessage(method.Descriptor.InputType), new(call), call));
    }

    /// <summary>Many messages in, one out.</summary>
    public RpcServiceBuilder ClientStreaming<TRequest, TResponse>(string name, Func<RpcReader<TRequest>, RpcContext, ValueTask<RpcResult<TResponse>>> handle)
        where TRequest : class, IMessage<TRequest>
        where TResponse : class, IMessage<TResponse>
    {
        var method = new RpcMethod<TRequest, TResponse>(service, name);
        return Add(method, clientStreams: true, serverStreams: false, async call =>
            (await handle(new(call), call)).TryGet(out var reply, out var status) ? await Answer(call, RpcPayload.Of(reply)) : status);
    }

    /// <summary>Many messages in and out, in any order.</summary>
    public RpcServiceBuilder Duplex<TRequest, TResponse>(string name, Func<RpcReader<TRequest>, RpcWriter<TResponse>, RpcContext, ValueTask<RpcStatus>> handle)
        where TRequest : class, IMessage<TRequest>
        where TResponse : class, IMessage<TResponse>
    {
        var method = new RpcMethod<TRequest, TResponse>(service, name);
        return Add(method, clientStreams: true, serverStreams: true, call => handle(new(call), new(call), call));
    }

    /// <summary>A handler that reads and writes messages itself, for a method of any kind.</summary>
    public RpcServiceBuilder Raw(string name, Func<RpcServerCall, ValueTask<RpcStatus>> handle)
    {
        var method = RpcMethod.Of(service, name);
        return Add(method, method.Descriptor.IsClientStreaming, method.Descriptor.IsServerStreaming, handle);
    }

    public RpcService Build() => new(service, handlers.Values);

    private static async ValueTask<RpcStatus> Answer(RpcServerCall call, RpcPayload payload)
    {
        await call.Write(payload, flush: false);
        return RpcStatus.Ok;
    }

    private static async ValueTask<RpcStatus> Answer(RpcServerCall call, RpcReply reply)
    {
        using (reply.Owner)
        {
            return reply.Status.IsOk ? await Answer(call, reply.Payload) : reply.Status;
        }
    }

    private RpcServiceBuilder Add(RpcMethod method, bool clientStreams, bool serverStreams, Func<RpcServerCall, ValueTask<RpcStatus>> invoke)
    {
        Invariant.Holds(
            method.Descriptor.IsClientStreaming == clientStreams && method.Descriptor.IsServerStreaming == serverStreams,
            $"the handler of {method} is of another kind than the method");
        Invariant.Holds(handlers.TryAdd(method.Name, new(method, invoke)), $"{method} has two handlers");
        return this;
    }
}
