using System.Net;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging.Abstractions;

namespace Elanus.Server.Tests;

public sealed class ServerPortsTests : IDisposable
{
    private static readonly ForwardingLimits Patient = new() { HoldMax = TimeSpan.FromMinutes(1) };

    private readonly HttpClient http = new();

    public void Dispose() => http.Dispose();

    [Fact]
    public async Task A_call_that_comes_before_the_start_is_answered_after_it()
    {
        await using var ports = await Bound(Patient);
        var asked = Post(ports, "held");
        Assert.Equal(HttpStatusCode.ServiceUnavailable, (await Post(ports, "other")).StatusCode);
        Assert.False(asked.IsCompleted);
        ports.Serve(call => call.Response.WriteAsync("answered"));
        Assert.Equal("answered", await (await asked).Content.ReadAsStringAsync());
    }

    [Fact]
    public async Task A_call_that_waits_in_vain_is_told_to_come_back()
    {
        await using var ports = await Bound(Patient with { HoldMax = TimeSpan.FromMilliseconds(50) });
        Assert.Equal(HttpStatusCode.ServiceUnavailable, (await Post(ports, "held")).StatusCode);
    }

    [Fact]
    public async Task No_more_calls_wait_than_may()
    {
        await using var ports = await Bound(Patient with { HeldMax = 1 });
        var (one, other) = (Post(ports, "held"), Post(ports, "held"));
        var refused = await await Task.WhenAny(one, other);
        Assert.Equal(HttpStatusCode.ServiceUnavailable, refused.StatusCode);
        ports.Serve(call => call.Response.WriteAsync("answered"));
        Assert.All(await Task.WhenAll(one, other), reply => Assert.True(reply == refused || reply.IsSuccessStatusCode));
    }

    [Fact]
    public async Task A_start_that_comes_to_nothing_lets_go_of_the_calls_that_wait()
    {
        Task<HttpResponseMessage> asked;
        await using (var ports = await Bound(Patient))
        {
            asked = Post(ports, "held");
            Assert.Equal(HttpStatusCode.ServiceUnavailable, (await Post(ports, "other")).StatusCode);
        }

        // Told so, or cut off with the port.
        var cut = await Record.ExceptionAsync(() => asked);
        Assert.True(cut is HttpRequestException || (await asked).StatusCode == HttpStatusCode.ServiceUnavailable, $"{cut}");
    }

    private static async Task<ServerPorts> Bound(ForwardingLimits limits)
    {
        var ports = new ServerPorts(ConfigurationReader.Read(new()).Configuration! with { Host = "127.0.0.1", Port = 0, MetricsPort = 0 }, TimeProvider.System, NullLoggerFactory.Instance)
        {
            Waits = (path => path == "/held", limits),
        };
        Assert.True((await ports.Bind(CancellationToken.None)).Succeeded);
        return ports;
    }

    private Task<HttpResponseMessage> Post(ServerPorts ports, string path) => http.PostAsync(new Uri($"http://{ports.ClientAddress}/{path}"), null);
}
