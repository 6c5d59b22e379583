using System.Reflection;
using Elanus.Milvus;
using Elanus.Milvus.Rest;
using Elanus.Rpc;
using Elanus.Rpc.Health;
using Elanus.Rpc.Http;
using Elanus.Rpc.Reflection;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace Elanus.Server;

/// <summary>What answers on the client port: gRPC where the content type says so, REST otherwise.</summary>
internal static class ClientCalls
{
    public static RequestDelegate Over(StandaloneNode node, ServerConfiguration configuration, string reachable, TimeProvider time, ILoggerFactory logging)
    {
        var proxy = node.Roles.Proxy;
        var identity = new ServerIdentity
        {
            Version = ProductVersion,
            Node = node.Node,
            Address = reachable,
            Started = time.GetUtcNow(),
        };
        var health = new RpcHealth();
        health.Set("", serving: true);
        var milvus = MilvusService.Build(proxy, identity, time, () => NodeHealth.Of(node));
        health.Set(milvus.Descriptor.FullName, serving: true);
        var operations = NodeOperations.Service(() => StandaloneStatus.Of(node, reachable));
        var backups = BackupService.Over(node, node.Files, configuration.AuthorizationEnabled);
        RpcService[] services = [milvus, health.Service(), operations, backups];
        var gate = new Authenticator(proxy.Users, configuration.AuthorizationEnabled, NodeOperations.ServiceName);
        var server = new RpcServer([.. services, .. new RpcReflection(services).Services()], gate.Check);
        var limits = new RpcLimits { ReceiveBytesMax = configuration.Limits.ReceivedBytesMax, SendBytesMax = configuration.Limits.SentBytesMax };
        var calls = new RpcHttpEndpoint(server, limits, time, logging.CreateLogger("Elanus.Rpc"));
        CredentialCheck? credentials = configuration.AuthorizationEnabled ? proxy.Users.Verify : null;
        return calls.Before(new RestEndpoint(proxy, time, credentials).Serve);
    }

    public static string ProductVersion =>
        typeof(ClientCalls).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()?.InformationalVersion ?? "unknown";
}
