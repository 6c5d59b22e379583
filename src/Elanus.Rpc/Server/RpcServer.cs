using System.Collections.Frozen;
using System.Collections.Immutable;

namespace Elanus.Rpc;

/// <summary>
/// The services of one server, by request path, whatever carries the calls. Immutable; any thread.
/// </summary>
public sealed class RpcServer
{
    private readonly FrozenDictionary<string, RpcHandler> handlers;

    /// <param name="services">Each service once.</param>
    /// <param name="gate">Asked before every call is read; anything but Ok ends the call (authentication). It may set <see cref="RpcContext.Identity"/>.</param>
    public RpcServer(IEnumerable<RpcService> services, Func<RpcContext, ValueTask<RpcStatus>>? gate = null)
    {
        Services = [.. services];
        handlers = Services.SelectMany(service => service.Handlers.Values).ToFrozenDictionary(handler => handler.Method.Path);
        Gate = gate;
    }

    public ImmutableArray<RpcService> Services { get; }

    public Func<RpcContext, ValueTask<RpcStatus>>? Gate { get; }

    /// <summary>The handler of a request path, or null: then the call ends as <see cref="Unknown"/> says.</summary>
    public RpcHandler? Find(string path) => handlers.GetValueOrDefault(path);

    /// <summary>How a call of a path without a handler ends.</summary>
    public RpcStatus Unknown(string path)
    {
        var service = Services.FirstOrDefault(s => path.StartsWith($"/{s.Descriptor.FullName}/", StringComparison.Ordinal));
        return new(RpcStatusCode.Unimplemented, service is null ? $"no service answers to {path}" : $"service {service.Descriptor.FullName} has no method {path[(service.Descriptor.FullName.Length + 2)..]}");
    }

    /// <summary>Runs a call through the gate and its handler. Exceptions of the handler pass through to the carrier.</summary>
    public async ValueTask<RpcStatus> Run(RpcHandler handler, RpcServerCall call)
    {
        if (Gate is not null && await Gate(call) is { IsOk: false } refused)
        {
            return refused;
        }

        return await handler.Invoke(call);
    }
}
