using System.Net;
using Elanus.Rpc.Hosting;
using Elanus.Rpc.Http;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;

namespace Elanus.Rpc.Tests;

/// <summary>A server of the probe on a free loopback port, with an HTTP answer behind it.</summary>
internal sealed class ProbeServer : IAsyncDisposable
{
    public const string Rest = "this is not gRPC";

    private readonly WebApplication app;

    private ProbeServer(WebApplication app, ProbeService probe, string scheme)
    {
        this.app = app;
        Probe = probe;
        Address = new UriBuilder(app.Urls.Single()) { Scheme = scheme }.Uri;
    }

    public ProbeService Probe { get; }

    public Uri Address { get; }

    public static async Task<ProbeServer> Start(
        RpcLimits? limits = null,
        Func<RpcContext, ValueTask<RpcStatus>>? gate = null,
        RpcServerTls? tls = null,
        TimeProvider? time = null,
        Func<IReadOnlyList<RpcService>, IEnumerable<RpcService>>? more = null)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.ConfigureKestrel(kestrel =>
        {
            kestrel.UseRpc();
            kestrel.Listen(IPAddress.Loopback, 0, listen => listen.UseRpc(tls, TimeProvider.System));
        });
        var app = builder.Build();
        var probe = new ProbeService();
        List<RpcService> services = [probe.Build()];
        services.AddRange(more?.Invoke(services) ?? []);
        var endpoint = new RpcHttpEndpoint(new(services, gate), limits ?? RpcLimits.Server, time ?? TimeProvider.System, NullLogger.Instance);
        app.Run(endpoint.Before(context => context.Response.WriteAsync(Rest)));
        await app.StartAsync();
        return new(app, probe, tls is null ? "http" : "https");
    }

    public async ValueTask DisposeAsync()
    {
        using var now = new CancellationTokenSource(TimeSpan.Zero);
        await app.StopAsync(now.Token);
        await app.DisposeAsync();
    }
}
