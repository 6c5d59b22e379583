using Elanus.Rpc.Reflection.V1;
using Google.Protobuf.Reflection;

namespace Elanus.Rpc.Reflection;

/// <summary>
/// The standard reflection services over a set of services: v1, and v1alpha, which differs in its package alone, so that both read and write
/// the messages of v1. Immutable; any thread.
/// </summary>
public sealed class RpcReflection
{
    private readonly ReflectionIndex index;

    /// <param name="services">What the server serves beside reflection itself.</param>
    public RpcReflection(IEnumerable<RpcService> services) =>
        index = new([.. services.Select(service => service.Descriptor), V1Service, V1AlphaService]);

    private static ServiceDescriptor V1Service => ReflectionReflection.Descriptor.Services[0];

    private static ServiceDescriptor V1AlphaService => V1Alpha.ReflectionReflection.Descriptor.Services[0];

    public IEnumerable<RpcService> Services() => new[] { V1Service, V1AlphaService }.Select(service => new RpcServiceBuilder(service).Raw("ServerReflectionInfo", Serve).Build());

    private async ValueTask<RpcStatus> Serve(RpcServerCall call)
    {
        while (await call.ReadMessage(ServerReflectionRequest.Descriptor) is ServerReflectionRequest question)
        {
            await call.Write(RpcPayload.Of(index.Answer(question)), flush: true);
        }

        return RpcStatus.Ok;
    }
}
