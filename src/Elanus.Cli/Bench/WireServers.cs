using Elanus.Milvus;
using Elanus.Milvus.Protocol;
using Elanus.Primitives;
using Elanus.Rpc;
using Elanus.Rpc.Hosting;
using Elanus.Rpc.Http;
using Elanus.Server;
using Google.Protobuf.Reflection;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging.Abstractions;
using ServiceDescriptor = Google.Protobuf.Reflection.ServiceDescriptor;

namespace Elanus.Cli;

/// <summary>
/// The two servers that the bench compares, in this process: a standalone node's calls, and the same calls that only echo; beside the echo, plain HTTP/2.
/// </summary>
internal sealed class WireServers : IAsyncDisposable
{
    private readonly WebApplication real;
    private readonly WebApplication echo;

    private WireServers(WebApplication real, WebApplication echo)
    {
        this.real = real;
        this.echo = echo;
    }

    public static ServiceDescriptor Service { get; } = ServiceReflection.Descriptor.Services.Single(s => s.Name == "MilvusService");

    public Uri Real => AddressOf(real);

    public Uri Echo => AddressOf(echo);

    public static async Task<WireServers> Start(StandaloneNode node, CancellationToken cancel)
    {
        var identity = new ServerIdentity { Version = "bench", Node = node.Node, Address = "127.0.0.1", Started = TimeProvider.System.GetUtcNow() };
        var milvus = MilvusService.Build(node.Roles.Proxy, identity, TimeProvider.System, () => ServerHealth.Good);
        var echoes = new RpcServiceBuilder(Service)
            .UnaryRaw("Dummy", (_, _) => new(RpcReply.Of(ReadOnlyMemory<byte>.Empty)))
            .UnaryRaw("Insert", (bytes, _) => new(RpcReply.Of(bytes)))
            .UnaryRaw("Search", (bytes, _) => new(RpcReply.Of(bytes)))
            .Build();
        return new(await Host(new([milvus]), cancel), await Host(new([echoes]), cancel));
    }

    public async ValueTask DisposeAsync()
    {
        await real.DisposeAsync();
        await echo.DisposeAsync();
    }

    private static async Task<WebApplication> Host(RpcServer server, CancellationToken cancel)
    {
        var builder = WebApplication.CreateEmptyBuilder(new());
        builder.WebHost.UseKestrelCore().ConfigureKestrel(kestrel => kestrel.UseRpc().Listen(System.Net.IPAddress.Loopback, 0, l => l.UseRpc(null, TimeProvider.System)));
        var app = builder.Build();
        app.Run(new RpcHttpEndpoint(server, RpcLimits.Server, TimeProvider.System, NullLogger.Instance).Before(Plain));
        await app.StartAsync(cancel);
        return app;
    }

    /// <summary>What a plain handler does with a small body: reads it, and answers as many bytes.</summary>
    private static async Task Plain(HttpContext http)
    {
        var read = await http.Request.BodyReader.ReadAtLeastAsync(5);
        http.Request.BodyReader.AdvanceTo(read.Buffer.End);
        http.Response.ContentType = "application/octet-stream";
        await http.Response.BodyWriter.WriteAsync(new byte[5]);
    }

    private static Uri AddressOf(WebApplication app) => new(app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.Single());
}
