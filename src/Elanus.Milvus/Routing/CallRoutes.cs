using Elanus.Log;
using Elanus.Rpc;
using Google.Protobuf;
using Google.Protobuf.Reflection;

namespace Elanus.Milvus;

/// <summary>
/// Gathers the handlers of MilvusService. What no group enters answers gRPC OK with code 10 and its name: gRPC's own UNIMPLEMENTED is
/// taken for an empty success by the Node client. Only replies without a status are left to it. A log that dies under a call is answered here
/// too, whatever the call.
/// </summary>
public sealed class CallRoutes
{
    public static readonly ServiceDescriptor Service = Protocol.ServiceReflection.Descriptor.Services.Single(s => s.Name == "MilvusService");

    private readonly RpcServiceBuilder builder = new(Service);
    private readonly HashSet<string> built = new(StringComparer.Ordinal);

    /// <summary>Names of the methods that groups have entered.</summary>
    public IReadOnlySet<string> Built => built;

    /// <summary>A method that is answered at once.</summary>
    public CallRoutes Add<TRequest, TReply>(string name, Func<TRequest, CallScope, TReply> handle)
        where TRequest : class, IMessage<TRequest>
        where TReply : class, IMessage<TReply>
    {
        built.Add(name);
        builder.Unary<TRequest, TReply>(name, (request, context) => new(RpcResult<TReply>.Ok(handle(request, ScopeOf(context)))));
        return this;
    }

    public CallRoutes Add<TRequest, TReply>(string name, Func<TRequest, CallScope, Task<TReply>> handle)
        where TRequest : class, IMessage<TRequest>
        where TReply : class, IMessage<TReply>
    {
        built.Add(name);
        var method = Service.FindMethodByName(name);
        builder.Unary<TRequest, TReply>(name, async (request, context) =>
        {
            try
            {
                var scope = ScopeOf(context);
                var reply = await handle(request, scope);
                if (scope.NotActive is { } why)
                {
                    return Refused(context, why);
                }

                return reply;
            }
            catch (LogDeadException dead) when (StatusReplies.CanCarry(method))
            {
                return (TReply)Unknown(method, context, dead);
            }
        });
        return this;
    }

    /// <summary>A method that may end the call itself, where the caller lacks a permission.</summary>
    public CallRoutes AddGuarded<TRequest, TReply>(string name, Func<TRequest, CallScope, Task<RpcResult<TReply>>> handle)
        where TRequest : class, IMessage<TRequest>
        where TReply : class, IMessage<TReply>
    {
        built.Add(name);
        var method = Service.FindMethodByName(name);
        builder.Unary<TRequest, TReply>(name, async (request, context) =>
        {
            try
            {
                return await handle(request, ScopeOf(context));
            }
            catch (LogDeadException dead) when (StatusReplies.CanCarry(method))
            {
                return (TReply)Unknown(method, context, dead);
            }
        });
        return this;
    }

    /// <summary>A method whose request is read from its bytes, which are valid until the handler returns, and for good where it throws.</summary>
    public CallRoutes AddRaw<TReply>(string name, Func<ReadOnlyMemory<byte>, CallScope, Task<TReply>> handle)
        where TReply : class, IMessage<TReply>
    {
        built.Add(name);
        var method = Service.FindMethodByName(name);
        builder.UnaryRaw(name, async (request, context) =>
        {
            try
            {
                var scope = ScopeOf(context);
                var reply = await handle(request, scope);
                return scope.NotActive is { } why ? Refused(context, why) : RpcReply.Of(reply);
            }
            catch (LogDeadException dead) when (StatusReplies.CanCarry(method))
            {
                return RpcReply.Of(Unknown(method, context, dead));
            }
        });
        return this;
    }

    /// <summary>A method whose request is read from its bytes, and whose reply is written as such; what the reply holds of memory is given back when it is sent.</summary>
    public CallRoutes AddRaw(string name, Func<ReadOnlyMemory<byte>, CallScope, Task<ReadOnlyMemory<byte>>> handle)
    {
        built.Add(name);
        var method = Service.FindMethodByName(name);
        builder.UnaryRaw(name, (request, context) => Written(method, context, scope => handle(request, scope)));
        return this;
    }

    /// <summary>A method whose reply is written as bytes; what it holds of memory is given back when it is sent.</summary>
    public CallRoutes AddWritten<TRequest>(string name, Func<TRequest, CallScope, Task<ReadOnlyMemory<byte>>> handle)
        where TRequest : class, IMessage<TRequest>
    {
        built.Add(name);
        var method = Service.FindMethodByName(name);
        builder.Unary(name, (request, context) => Written(method, context, scope => handle((TRequest)request, scope)));
        return this;
    }

    public RpcService Build()
    {
        foreach (var method in Service.Methods)
        {
            if (!built.Contains(method.Name) && StatusReplies.CanCarry(method))
            {
                builder.Unary(method.Name, (_, _) => new(RpcReply.Of(NotBuilt(method))));
            }
        }

        return builder.Build();
    }

    /// <summary>The reply of a method that is not built: its status says so, nothing else is set.</summary>
    internal static IMessage NotBuilt(MethodDescriptor method) => StatusReplies.Of(method, Failure.Unimplemented($"method {method.Name}"));

    private static async ValueTask<RpcReply> Written(MethodDescriptor method, RpcContext context, Func<CallScope, Task<ReadOnlyMemory<byte>>> handle)
    {
        var scope = ScopeOf(context);
        try
        {
            return RpcReply.Of(await handle(scope), scope.Hold);
        }
        catch (Exception thrown)
        {
            scope.Hold.Dispose();
            if (thrown is LogDeadException dead && StatusReplies.CanCarry(method))
            {
                return RpcReply.Of(Unknown(method, context, dead));
            }

            throw;
        }
    }

    /// <summary>The trailer tells a node that passed the call on to ask again, where the call may be repeated.</summary>
    private static IMessage Unknown(MethodDescriptor method, RpcContext context, LogDeadException dead)
    {
        context.ResponseTrailers.Add(OutcomeUnknown.Header, "unknown");
        return StatusReplies.Of(method, OutcomeUnknown.Of(dead));
    }

    /// <summary>The header tells a node that passed the call on to ask again; clients know the status as worth another try.</summary>
    private static RpcStatus Refused(RpcContext context, Failure why)
    {
        context.ResponseHeaders.Add(NotActive.Header, "1");
        return new(RpcStatusCode.Unavailable, why.Sentence);
    }

    private static CallScope ScopeOf(RpcContext context) => new()
    {
        MetadataDatabase = context.Header("dbname") ?? "",
        User = context.Identity as string ?? "",
        RequestId = context.Header(RequestIdentity.Header),
        Cancel = context.Cancellation,
    };
}
