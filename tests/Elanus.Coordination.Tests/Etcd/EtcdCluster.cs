using Elanus.Clients.Etcd;
using Elanus.Clients.Etcd.Wire;
using Elanus.Rpc;
using Elanus.Rpc.Client;
using Elanus.Rpc.Hosting;
using Google.Protobuf.Reflection;

namespace Elanus.Coordination.Tests.Etcd;

/// <summary>Members of etcd on loopback, each with a data directory of its own; started when first asked for, ended with the tests.</summary>
internal sealed class EtcdCluster : IDisposable
{
    private readonly DirectoryInfo folder = Directory.CreateTempSubdirectory("elanus-etcd-");
    private readonly string[][] commands;

    /// <param name="members">How many.</param>
    /// <param name="certificate">The members' own; null: no TLS.</param>
    /// <param name="key">Its key.</param>
    /// <param name="clientAuthority">Whose certificates clients must show; null: none.</param>
    public EtcdCluster(int members, string? certificate = null, string? key = null, string? clientAuthority = null)
    {
        var scheme = certificate is null ? "http" : "https";
        var ports = Ports.Free(2 * members);
        Endpoints = [.. ports[..members].Select(port => $"127.0.0.1:{port}")];
        var peers = ports[members..].Select(port => $"http://127.0.0.1:{port}").ToArray();
        string[] common =
        [
            "--initial-cluster", string.Join(',', peers.Select((peer, i) => $"m{i}={peer}")), "--initial-cluster-state", "new", "--initial-cluster-token", folder.Name,
            "--heartbeat-interval", "50", "--election-timeout", "500", "--log-level", "error", "--bcrypt-cost", "4",
            .. certificate is null ? Array.Empty<string>() : ["--cert-file", certificate, "--key-file", key!],
            .. clientAuthority is null ? Array.Empty<string>() : ["--trusted-ca-file", clientAuthority, "--client-cert-auth"],
        ];
        commands = [.. Endpoints.Select((endpoint, i) => (string[])
        [
            .. common, "--name", $"m{i}", "--data-dir", Path.Combine(folder.FullName, $"m{i}"),
            "--listen-client-urls", $"{scheme}://{endpoint}", "--advertise-client-urls", $"{scheme}://{endpoint}",
            "--listen-peer-urls", peers[i], "--initial-advertise-peer-urls", peers[i],
        ])];
        Members = [.. commands.Select(command => new StartedProcess(Programs.Find("etcd")!, command))];
    }

    public string[] Endpoints { get; }

    public StartedProcess[] Members { get; }

    /// <summary>With patience for a machine that has much else to do.</summary>
    public EtcdOptions Options => new() { Endpoints = [.. Endpoints], AttemptTimeout = TimeSpan.FromSeconds(3) };

    public static EtcdArbiter Arbiter(EtcdOptions options) => new(EtcdClient.Create(options).Value, "elanus", TimeProvider.System, new SystemRandom());

    /// <summary>Kills a member and starts it again on its data.</summary>
    public void Restart(int member)
    {
        Members[member].Dispose();
        Members[member] = new StartedProcess(Programs.Find("etcd")!, commands[member]);
    }

    /// <summary>Waits until the cluster takes a transaction.</summary>
    public async Task<EtcdCluster> Ready(EtcdOptions? options = null)
    {
        await using var client = EtcdClient.Create(options ?? Options).Value;
        using var bound = new CancellationTokenSource(TimeSpan.FromSeconds(30));
        EtcdCommit commit;
        while ((commit = await client.CommitAsync(new EtcdTransaction().Put("ready", new byte[1]), bound.Token)).Outcome != EtcdOutcome.Done)
        {
            Assert.False(bound.IsCancellationRequested, $"etcd did not start: {commit.Failure}\n{Members[0].Said}");
            await Task.Delay(20);
        }

        return this;
    }

    /// <summary>The member that leads, by its place.</summary>
    public async Task<int> Leader()
    {
        for (; ; await Task.Delay(20))
        {
            for (var i = 0; i < Members.Length; i++)
            {
                if (Members[i].IsRunning && await Ask(i, "Maintenance", "Status", new StatusRequest(), StatusResponse.Parser) is { } status && status.Leader == status.Header.MemberId)
                {
                    return i;
                }
            }
        }
    }

    /// <summary>One call of the protocol that Elanus itself does not make; null where it failed.</summary>
    public async Task<TResponse?> Ask<TRequest, TResponse>(
        int member, string service, string method, TRequest request, Google.Protobuf.MessageParser<TResponse> parser, RpcClientTls? tls = null)
        where TRequest : class, Google.Protobuf.IMessage<TRequest>
        where TResponse : class, Google.Protobuf.IMessage<TResponse>
    {
        using var channel = new RpcChannel(new Uri($"{(tls is null ? "http" : "https")}://{Endpoints[member]}"), new() { Tls = tls });
        var called = new RpcMethod<TRequest, TResponse>(EtcdReflection.Descriptor.FindTypeByName<ServiceDescriptor>(service), method);
        using var answer = await channel.CallRaw(called, RpcPayload.Of(request), new() { Timeout = TimeSpan.FromSeconds(5) }, default);
        return answer.Status.IsOk ? parser.ParseFrom(answer.Message.Span) : null;
    }

    public void Dispose()
    {
        foreach (var member in Members)
        {
            member.Dispose();
        }

        folder.Delete(recursive: true);
    }
}
