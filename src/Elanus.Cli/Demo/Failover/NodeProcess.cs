using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using System.Runtime.InteropServices;
using Elanus.Primitives;
using Elanus.Rpc;
using Elanus.Rpc.Client;
using Elanus.Server.Operations.Protocol;

namespace Elanus.Cli;

/// <summary>One member of the demonstration's pair: this program, started once more, with its supervisor.</summary>
internal sealed partial class NodeProcess : IDisposable
{
    private const int SigTerm = 15;
    private const int SigKill = 9;

    private static readonly RpcMethod<StatusRequest, NodeStatus> StatusMethod = new(NodeReflection.Descriptor.Services.Single(), "Status");
    private static readonly TimeSpan StatusPatience = TimeSpan.FromMilliseconds(500);

    private readonly Process supervisor;

    private NodeProcess(Process supervisor, string address)
    {
        this.supervisor = supervisor;
        Address = address;
        Channel = new(new Uri($"http://{address}"), new() { ConnectTimeout = TimeSpan.FromMilliseconds(500) });
    }

    public string Address { get; }

    public RpcChannel Channel { get; }

    public static NodeProcess Start(string folder, string name, string arbiter)
    {
        var port = FreePort();
        string[] arguments =
        [
            .. Environment.GetCommandLineArgs().Take(1), "run", "standalone", "--data", Path.Combine(folder, name), "--port", $"{port}", "--metrics-port", "0", "--cluster", "demo", "--arbiter", arbiter,
        ];
        var start = new ProcessStartInfo(Environment.ProcessPath!, arguments) { RedirectStandardOutput = true, RedirectStandardError = true };
        var process = Process.Start(start)!;

        // Read and dropped, so that the pipes never fill.
        process.OutputDataReceived += (_, _) => { };
        process.ErrorDataReceived += (_, _) => { };
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
        return new(process, $"127.0.0.1:{port}");
    }

    /// <summary>How the node is; null where it gives no answer now.</summary>
    public async Task<NodeStatus?> Status(CancellationToken cancel)
    {
        var answer = await Channel.Call(StatusMethod, new(), new() { Timeout = StatusPatience }, cancel);
        return answer.TryGet(out var status, out _) ? status : null;
    }

    /// <summary>Ends the server with signal 9; its supervisor starts the next.</summary>
    public static void KillServer(NodeStatus status) => _ = Kill(status.Pid, SigKill);

    public void Dispose()
    {
        Channel.Dispose();
        if (!supervisor.HasExited)
        {
            _ = Kill(supervisor.Id, SigTerm);
            if (!supervisor.WaitForExit(TimeSpan.FromSeconds(15)))
            {
                supervisor.Kill(entireProcessTree: true);
            }
        }

        supervisor.Dispose();
    }

    private static int FreePort()
    {
        using var probe = new TcpListener(IPAddress.Loopback, 0);
        probe.Start();
        return ((IPEndPoint)probe.LocalEndpoint).Port;
    }

    [LibraryImport("libc", EntryPoint = "kill")]
    private static partial int Kill(int process, int signal);
}
