using Elanus.Primitives;
using Google.Protobuf;
using Google.Protobuf.Reflection;

namespace Elanus.Rpc;

/// <summary>A method as callers and servers name it.</summary>
public class RpcMethod
{
    private RpcMethod(MethodDescriptor descriptor)
    {
        Descriptor = descriptor;
        Path = $"/{descriptor.Service.FullName}/{descriptor.Name}";
    }

    private protected RpcMethod(ServiceDescriptor service, string name)
        : this(Find(service, name))
    {
    }

    public MethodDescriptor Descriptor { get; }

    /// <summary>The request path: /package.Service/Method.</summary>
    public string Path { get; }

    public string Name => Descriptor.Name;

    public static RpcMethod Of(MethodDescriptor descriptor) => new(descriptor);

    public static RpcMethod Of(ServiceDescriptor service, string name) => new(Find(service, name));

    public override string ToString() => Path;

    private static MethodDescriptor Find(ServiceDescriptor service, string name)
    {
        var method = service.FindMethodByName(name);
        Invariant.Holds(method is not null, $"service {service.FullName} has no method {name}");
        return method;
    }
}

/// <summary>A method whose message types the compiler knows; made once and kept, since it looks its descriptor up.</summary>
public sealed class RpcMethod<TRequest, TResponse> : RpcMethod
    where TRequest : class, IMessage<TRequest>
    where TResponse : class, IMessage<TResponse>
{
    public RpcMethod(ServiceDescriptor service, string name)
        : base(service, name) =>
        Invariant.Holds(
            Descriptor.InputType.ClrType == typeof(TRequest) && Descriptor.OutputType.ClrType == typeof(TResponse),
            $"{Path} does not take {typeof(TRequest).Name} and return {typeof(TResponse).Name}");
}
