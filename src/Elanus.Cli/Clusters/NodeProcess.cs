using System.Globalization;
using Elanus.Primitives;
using Elanus.Rpc;
using Elanus.Rpc.Client;
using Elanus.Server;
using Elanus.Server.Operations.Protocol;

namespace Elanus.Cli;

/// <summary>One member of a cluster on this machine: this program, started once more, with its supervisor.</summary>
internal sealed class NodeProcess : IDisposable
{
    private static readonly RpcMethod<StatusRequest, NodeStatus> StatusMethod = new(NodeReflection.Descriptor.Services.Single(), "Status");
    private static readonly RpcMethod<SwitchoverRequest, OperationOutcome> SwitchoverMethod = new(NodeReflection.Descriptor.Services.Single(), "Switchover");
    private static readonly TimeSpan SwitchoverPatience = TimeSpan.FromSeconds(15);
    private static readonly TimeSpan StatusPatience = TimeSpan.FromMilliseconds(500);

    private readonly LocalProcess supervisor;

    private NodeProcess(LocalProcess supervisor, string data, string address)
    {
        this.supervisor = supervisor;
        Data = data;
        Address = address;
        Channel = new(new Uri($"http://{address}"), new() { ConnectTimeout = TimeSpan.FromMilliseconds(500) });
    }

    public string Data { get; }

    public string Address { get; }

    public RpcChannel Channel { get; }

    /// <summary>What it said last.</summary>
    public string Said => supervisor.Said;

    /// <summary>Starts it; it is not ready yet.</summary>
    public static NodeProcess Start(NodeStart node)
    {
        var port = node.Port > 0 ? node.Port : FreePorts.Find(1)[0];
        string[] command =
        [
            .. node.Within, .. OwnProgram.Command, "run", "standalone", "--data", node.Data, "--host", node.Host, "--port", port.ToString(CultureInfo.InvariantCulture), "--metrics-port", "0",
            .. node.Cluster.Length > 0 ? ["--cluster", node.Cluster, "--arbiter", node.Arbiter] : Array.Empty<string>(),
            .. node.Arguments,
        ];
        var started = LocalProcess.Start(command[0], command.Skip(1), new Dictionary<string, string>(node.Settings) { ["LOG_LEVEL"] = "info" });
        Invariant.Holds(started.Succeeded, $"this program cannot start itself: {(started.Succeeded ? "" : started.Failure.Sentence)}");
        return new(started.Value, node.Data, $"{node.Host}:{port}");
    }

    /// <summary>How the node is; null where it gives no answer now.</summary>
    public async Task<NodeStatus?> Status(CancellationToken cancel)
    {
        var answer = await Channel.Call(StatusMethod, new(), new() { Timeout = StatusPatience }, cancel);
        return answer.TryGet(out var status, out _) ? status : null;
    }

    /// <summary>Asks the node, which is active, to hand over to another member. Null where it did; otherwise why not.</summary>
    public async Task<string?> Switchover(CancellationToken cancel)
    {
        var token = await ClusterMembership.ReadToken(new RealFileSystem(), Data, cancel) ?? "";
        var answer = await Channel.Call(SwitchoverMethod, new(), new() { Timeout = SwitchoverPatience, Headers = new RpcMetadata().Add("elanus-token", token) }, cancel);
        return answer.TryGet(out var outcome, out var status) ? outcome.Done ? null : outcome.Sentence : status.Message ?? "no answer";
    }

    public void Dispose()
    {
        Channel.Dispose();
        supervisor.Dispose();
    }
}
