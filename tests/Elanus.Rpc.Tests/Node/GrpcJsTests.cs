using Elanus.Rpc.Hosting;
using Elanus.Rpc.Tests.Hosting;

namespace Elanus.Rpc.Tests.Node;

/// <summary>The most widely used client that is not ours.</summary>
public class GrpcJsTests
{
    private static readonly string[] Steps =
        ["unary", "large", "many", "gzip", "status", "broken", "unimplemented", "metadata", "deadline", "cancel", "serverStream", "clientStream", "duplex"];

    [NodeFact]
    public async Task The_node_client_is_served_in_cleartext()
    {
        await using var server = await ProbeServer.Start();
        Drive($"127.0.0.1:{server.Address.Port}");
    }

    [NodeFact]
    public async Task The_node_client_is_served_over_tls()
    {
        using var authority = new Authority("ours");
        var (certificate, key) = authority.Issue("server", server: true);
        await using var server = await ProbeServer.Start(tls: RpcServerTls.Load(certificate, key).Value);
        Drive($"127.0.0.1:{server.Address.Port}", authority.Pem);
    }

    private static void Drive(string address, params string[] authority)
    {
        var here = AppContext.BaseDirectory;
        var (code, output) = NodePackages.Run(
            "node", [Path.Combine(here, "Node", "probe.cjs"), address, Path.Combine(here, "Protos", "probe.proto"), .. authority], TimeSpan.FromMinutes(1), nodePath: NodePackages.Folder);
        Assert.True(code == 0, output);
        Assert.Equal(Steps.Select(step => $"ok {step}"), output.Split('\n').Where(line => line.StartsWith("ok ", StringComparison.Ordinal)));
    }
}
