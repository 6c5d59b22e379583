using System.Net;
using System.Net.Sockets;
using Elanus.Milvus;
using Elanus.Primitives;
using Elanus.Rpc;
using Elanus.Rpc.Hosting;
using Elanus.Rpc.Http;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Connections;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace Elanus.Server;

/// <summary>
/// The client port (gRPC and REST) and the metrics port. Between <see cref="Bind"/> and <see cref="Serve"/> a call waits, where <see cref="Waits"/> says so, or
/// is told to come back.
/// </summary>
internal sealed class ServerPorts(ServerConfiguration configuration, TimeProvider time, ILoggerFactory logging) : IAsyncDisposable
{
    private static readonly TimeSpan LookAgain = TimeSpan.FromMilliseconds(5);

    private readonly TaskCompletionSource<RequestDelegate> started = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly MetricsPage metrics = new();
    private WebApplication? app;
    private int metricsPort;
    private volatile RequestDelegate? clients;
    private volatile bool serving;
    private int waiting;

    /// <summary>Which calls wait for the start, within these bounds, rather than being told to come back.</summary>
    public (Func<string, bool> Path, ForwardingLimits Limits)? Waits { get; init; }

    /// <summary>HOST:PORT of the client port, with the port that was taken.</summary>
    public string ClientAddress { get; private set; } = "";

    public string MetricsAddress { get; private set; } = "";

    public async Task<Result<Unit>> Bind(CancellationToken cancel)
    {
        RpcServerTls? tls = null;
        if (configuration.Tls.Mode != TlsMode.None)
        {
            var authority = configuration.Tls.Mode == TlsMode.Mutual ? configuration.Tls.ClientAuthorityPath : null;
            if (!RpcServerTls.Load(configuration.Tls.CertificatePath, configuration.Tls.KeyPath, authority).TryGet(out tls, out var failure))
            {
                return failure;
            }

            if (tls.Doubt(time.GetUtcNow(), configuration.Cluster.IsClustered) is { } doubt)
            {
                ServerLog.CertificateDoubted(logging.CreateLogger("Elanus"), configuration.Tls.CertificatePath, doubt);
            }
        }

        if (!IPAddress.TryParse(configuration.Host == "localhost" ? "127.0.0.1" : configuration.Host, out var address))
        {
            return Failure.Invalid($"the address {configuration.Host} is not an IP address of this machine; use one, or 0.0.0.0 for all");
        }

        if (Taken(address, configuration.Port, "--port") is { } taken || (taken = Taken(address, configuration.MetricsPort, "--metrics-port")) is not null)
        {
            return taken;
        }

        app = Build(address, tls);
        try
        {
            await app.StartAsync(cancel);
        }
        catch (IOException busy) when (busy.InnerException is AddressInUseException)
        {
            return new Failure(FailureCode.Unavailable, $"{busy.Message}; stop the other process, or name another port with --port or --metrics-port");
        }

        // Listened to in this order.
        var bound = app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.Select(a => new Uri(a)).ToList();
        ClientAddress = new HostAndPort(configuration.Host, bound[0].Port).ToString();
        MetricsAddress = new HostAndPort(configuration.Host, bound[1].Port).ToString();
        metricsPort = bound[1].Port;
        return Result.Ok;
    }

    /// <summary>How others reach this node.</summary>
    public string Reachable => configuration.Advertise?.ToString() ?? ClientAddress;

    /// <summary>Lets calls in, to be answered by this; later calls replace what earlier ones said.</summary>
    public void Serve(RequestDelegate calls)
    {
        clients = calls;
        serving = true;
        started.TrySetResult(calls);
    }

    /// <summary>Takes no further connection, and waits until the calls in progress have ended, but not longer than so.</summary>
    public async Task Drain(TimeSpan most)
    {
        serving = false;
        using var patience = new CancellationTokenSource(most, time);
        await app!.StopAsync(patience.Token);
    }

    /// <summary>Takes no further connection, and waits until clients' calls have ended; what never ends by itself, other nodes' streams, gets so long.</summary>
    public async Task Drain(TimeSpan streams, Func<bool> isIdle, CancellationToken most)
    {
        serving = false;
        using var enough = new CancellationTokenSource();
        var stopping = app!.StopAsync(enough.Token);
        await Task.WhenAny(stopping, Task.Delay(streams, time, CancellationToken.None));
        while (!stopping.IsCompleted && !isIdle() && !most.IsCancellationRequested)
        {
            await Task.WhenAny(stopping, Task.Delay(LookAgain, time, CancellationToken.None));
        }

        await enough.CancelAsync();
        await stopping;
    }

    public async ValueTask DisposeAsync()
    {
        metrics.Dispose();
        started.TrySetCanceled();
        if (app is not null)
        {
            await app.DisposeAsync();
        }
    }

    private WebApplication Build(IPAddress address, RpcServerTls? tls)
    {
        var builder = WebApplication.CreateEmptyBuilder(new());
        builder.Services.AddSingleton(logging);
        builder.WebHost.UseKestrelCore().UseKestrelHttpsConfiguration().ConfigureKestrel(kestrel =>
        {
            kestrel.UseRpc();
            kestrel.Limits.MaxRequestBodySize = null;
            kestrel.Listen(address, configuration.Port, listen => listen.UseRpc(tls, time));
            kestrel.Listen(address, configuration.MetricsPort);
        });
        var built = builder.Build();
        built.Run(http => http.Connection.LocalPort == metricsPort ? Operations(http) : (clients ?? Starting)(http));
        return built;
    }

    /// <summary>The pages of the metrics port.</summary>
    private Task Operations(HttpContext http)
    {
        switch (http.Request.Path.Value)
        {
            case "/livez":
                return http.Response.WriteAsync("OK");
            case "/healthz":
                http.Response.StatusCode = serving ? StatusCodes.Status200OK : StatusCodes.Status503ServiceUnavailable;
                return http.Response.WriteAsync(serving ? "OK" : "not serving");
            case "/metrics":
                http.Response.ContentType = MetricsPage.ContentType;
                return http.Response.WriteAsync(metrics.Text());
            default:
                http.Response.StatusCode = StatusCodes.Status404NotFound;
                return http.Response.WriteAsync("this port has /healthz, /livez and /metrics");
        }
    }

    private async Task Starting(HttpContext http)
    {
        if (Waits is not var (path, limits) || !path(http.Request.Path.Value ?? "") || await Started(limits, http.RequestAborted) is not { } calls)
        {
            await FailedCalls.Refuse(http, "the server is starting and will serve soon");
            return;
        }

        await calls(http);
    }

    /// <summary>Null where the start takes too long, or comes to nothing, or too many wait for it.</summary>
    private async Task<RequestDelegate?> Started(ForwardingLimits limits, CancellationToken gone)
    {
        try
        {
            return Interlocked.Increment(ref waiting) <= limits.HeldMax ? await started.Task.WaitAsync(limits.HoldMax, time, gone) : null;
        }
        catch (Exception over) when (over is TimeoutException or OperationCanceledException)
        {
            return null;
        }
        finally
        {
            Interlocked.Decrement(ref waiting);
        }
    }

    /// <summary>Kestrel names the address only; the sentence names the flag too. Another process may still come between: then binding says so.</summary>
    private static Failure? Taken(IPAddress address, int port, string flag)
    {
        if (port == 0)
        {
            return null;
        }

        using var probe = new Socket(address.AddressFamily, SocketType.Stream, ProtocolType.Tcp);
        try
        {
            probe.SetSocketOption(SocketOptionLevel.Socket, SocketOptionName.ReuseAddress, true);
            probe.Bind(new IPEndPoint(address, port));
            return null;
        }
        catch (SocketException busy)
        {
            return new(FailureCode.Unavailable, $"cannot listen on {new HostAndPort(address.ToString(), port)}: {busy.Message}; stop the process that uses it, or name another port with {flag}");
        }
    }
}
