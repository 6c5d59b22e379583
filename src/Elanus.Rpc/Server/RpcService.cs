using System.Collections.Frozen;
using Google.Protobuf.Reflection;

namespace Elanus.Rpc;

/// <summary>A service and the handlers of its methods; methods without one answer UNIMPLEMENTED. Immutable.</summary>
public sealed class RpcService
{
    internal RpcService(ServiceDescriptor descriptor, IEnumerable<RpcHandler> handlers)
    {
        Descriptor = descriptor;
        Handlers = handlers.ToFrozenDictionary(handler => handler.Method.Name);
    }

    public ServiceDescriptor Descriptor { get; }

    /// <summary>By the method's name.</summary>
    public FrozenDictionary<string, RpcHandler> Handlers { get; }
}
