using System.Net;
using Elanus.Rpc.Client;
using Elanus.Rpc.Hosting;
using Elanus.Rpc.Tests.Protocol;

namespace Elanus.Rpc.Tests.Hosting;

public class TlsTests
{
    [Fact]
    public async Task Calls_and_http1_share_a_port_with_tls()
    {
        using var authority = new Authority("ours");
        var (certificate, key) = authority.Issue("server", server: true);
        await using var server = await ProbeServer.Start(tls: RpcServerTls.Load(certificate, key).Value);
        using var channel = new RpcChannel(server.Address, new() { Tls = RpcClientTls.Load(authority.Pem).Value });
        Assert.Equal("x", (await channel.Call(ProbeMethods.Echo, new Ask { Text = "x" }, default)).Value.Text);

        using var handler = new HttpClientHandler { ServerCertificateCustomValidationCallback = HttpClientHandler.DangerousAcceptAnyServerCertificateValidator };
        using var http = new HttpClient(handler) { DefaultRequestVersion = HttpVersion.Version11 };
        Assert.Equal(ProbeServer.Rest, await http.GetStringAsync(server.Address));
    }

    [Fact]
    public async Task A_server_of_another_authority_is_not_trusted()
    {
        using var authority = new Authority("ours");
        using var other = new Authority("theirs");
        var (certificate, key) = other.Issue("server", server: true);
        await using var server = await ProbeServer.Start(tls: RpcServerTls.Load(certificate, key).Value);
        using var channel = new RpcChannel(server.Address, new() { Tls = RpcClientTls.Load(authority.Pem).Value });
        Assert.Equal(RpcStatusCode.Unavailable, (await channel.Call(ProbeMethods.Echo, new Ask(), default)).Status.Code);
    }

    [Fact]
    public async Task With_a_client_authority_only_its_clients_are_served()
    {
        using var authority = new Authority("ours");
        using var other = new Authority("theirs");
        var (certificate, key) = authority.Issue("server", server: true);
        var seen = new List<string?>();
        await using var server = await ProbeServer.Start(
            tls: RpcServerTls.Load(certificate, key, authority.Pem).Value,
            gate: call =>
            {
                seen.Add(call.ClientCertificate?.Subject);
                return new(RpcStatus.Ok);
            });

        Assert.Equal(RpcStatusCode.Ok, (await Call(authority.Issue("client", server: false))).Code);
        Assert.Equal(["CN=client"], seen);
        Assert.Equal(RpcStatusCode.Unavailable, (await Call(null)).Code);
        Assert.Equal(RpcStatusCode.Unavailable, (await Call(other.Issue("client", server: false))).Code);
        Assert.Equal(RpcStatusCode.Unavailable, (await Call((certificate, key))).Code);
        Assert.Single(seen);

        async Task<RpcStatus> Call((string Certificate, string Key)? client)
        {
            using var channel = new RpcChannel(server.Address, new() { Tls = RpcClientTls.Load(authority.Pem, client?.Certificate, client?.Key).Value });
            return (await channel.Call(ProbeMethods.Echo, new Ask(), default)).Status;
        }
    }

    [Fact]
    public void A_certificate_that_others_will_refuse_is_doubted()
    {
        using var ours = new Authority("ours");
        using var theirs = new Authority("theirs");
        var (certificate, key) = ours.Issue("server", server: true);
        var alone = RpcServerTls.Load(certificate, key).Value;
        var now = DateTimeOffset.UtcNow;

        Assert.Null(alone.Doubt(now, isShownToNodes: true));
        Assert.Contains("not now: clients and other nodes refuse it", alone.Doubt(now.AddDays(3), isShownToNodes: false), StringComparison.Ordinal);
        Assert.Contains("not now", alone.Doubt(now.AddDays(-3), isShownToNodes: false), StringComparison.Ordinal);

        // Among nodes that show each other certificates, theirs is a client's too.
        Assert.Contains("as one for servers and for clients", RpcServerTls.Load(certificate, key, ours.Pem).Value.Doubt(now, isShownToNodes: true), StringComparison.Ordinal);
        Assert.Contains("does not come from the configured authority", RpcServerTls.Load(certificate, key, theirs.Pem).Value.Doubt(now, isShownToNodes: true), StringComparison.Ordinal);
        Assert.Null(RpcServerTls.Load(certificate, key, theirs.Pem).Value.Doubt(now, isShownToNodes: false));
    }

    [Fact]
    public void Files_that_cannot_be_used_are_named()
    {
        using var authority = new Authority("ours");
        var (certificate, key) = authority.Issue("server", server: true);
        var garbage = authority.Write("garbage.pem", "no certificate");

        Assert.Contains("/nowhere.pem", RpcServerTls.Load("/nowhere.pem", key).Failure?.Sentence, StringComparison.Ordinal);
        Assert.Contains("/nowhere.key", RpcServerTls.Load(certificate, "/nowhere.key").Failure?.Sentence, StringComparison.Ordinal);
        Assert.Contains("garbage.pem", RpcServerTls.Load(garbage, key).Failure?.Sentence, StringComparison.Ordinal);
        Assert.Contains("garbage.pem", RpcServerTls.Load(certificate, garbage).Failure?.Sentence, StringComparison.Ordinal);
        Assert.Contains("authority.pem", RpcServerTls.Load(authority.Pem, key).Failure?.Sentence, StringComparison.Ordinal);
        Assert.Contains("garbage.pem", RpcServerTls.Load(certificate, key, garbage).Failure?.Sentence, StringComparison.Ordinal);
        Assert.Contains("garbage.pem", RpcClientTls.Load(garbage).Failure?.Sentence, StringComparison.Ordinal);
        Assert.Contains("needs its key", RpcClientTls.Load(authority.Pem, certificate).Failure?.Sentence, StringComparison.Ordinal);
    }
}
