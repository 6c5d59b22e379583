using System.Net;
using System.Net.Sockets;
using System.Text.Json;

namespace Elanus.Compat.Tests;

/// <summary>What operators and scripts ask of a node that is alone.</summary>
public sealed class StatusTests
{
    [Fact]
    public async Task A_standalone_says_that_it_is_active_and_who_it_is()
    {
        // With users too: a script that watches a node has no password.
        await using var server = await ServerProcess.Start(new Dictionary<string, string> { ["COMMON_SECURITY_AUTHORIZATIONENABLED"] = "true" });

        var json = await CommandRun.Of("status", "--address", server.Address, "--json");
        Assert.Equal(0, json.Code);
        var status = JsonDocument.Parse(json.Output).RootElement;
        Assert.Equal("active", status.GetProperty("role").GetString());
        Assert.Equal(1, status.GetProperty("epoch").GetInt64());
        Assert.Equal(server.Id, status.GetProperty("pid").GetInt32());
        Assert.Equal(server.Address, status.GetProperty("in_sync")[0].GetString());

        var table = await CommandRun.Of("status", "--address", server.Address);
        Assert.Contains("this node is alone", table.Output, StringComparison.Ordinal);

        Assert.Equal(0, (await CommandRun.Of("healthz", "--timeout", "20000", "--address", server.Address)).Code);
        Assert.Equal(0, (await CommandRun.Of("healthz", "--timeout", "20000", "--address", server.Address, "--role", "active")).Code);
        Assert.Equal(1, (await CommandRun.Of("healthz", "--timeout", "20000", "--address", server.Address, "--role", "standby")).Code);

        // The same for load balancers.
        using var http = new HttpClient { BaseAddress = new Uri($"http://{server.Address}") };
        foreach (var (role, code) in new[] { ("", HttpStatusCode.OK), ("?role=any", HttpStatusCode.OK), ("?role=active", HttpStatusCode.OK), ("?role=standby", HttpStatusCode.ServiceUnavailable) })
        {
            using var page = await http.GetAsync(new Uri($"/healthz{role}", UriKind.Relative));
            Assert.Equal(code, page.StatusCode);
            Assert.Equal("active, serving", await page.Content.ReadAsStringAsync());
        }
    }

    [Fact]
    public async Task Nobody_at_the_address_is_said_with_an_exit_code_of_its_own()
    {
        var health = await CommandRun.Of("healthz", "--address", "127.0.0.1:1");
        Assert.Equal(2, health.Code);
        Assert.Contains("127.0.0.1:1", health.Errors, StringComparison.Ordinal);
        Assert.Equal(1, (await CommandRun.Of("status", "--address", "127.0.0.1:1")).Code);
    }

    [Fact]
    public async Task A_port_that_says_nothing_or_something_else_is_no_healthy_node()
    {
        using var silent = new TcpListener(IPAddress.Loopback, 0);
        silent.Start();
        var late = await CommandRun.Of("healthz", "--address", $"{silent.LocalEndpoint}", "--timeout", "300");
        Assert.Equal(2, late.Code);
        Assert.Contains("no answer within 300 ms", late.Errors, StringComparison.Ordinal);

        using var other = new TcpListener(IPAddress.Loopback, 0);
        other.Start();
        var asking = CommandRun.Of("healthz", "--address", $"{other.LocalEndpoint}", "--timeout", "20000");
        using (var called = await other.AcceptTcpClientAsync())
        {
            await called.GetStream().WriteAsync("HTTP/1.1 200 OK\r\n\r\nOK"u8.ToArray());
        }

        var answered = await asking;
        Assert.Equal(2, answered.Code);
        Assert.Contains("it says HTTP/1.1 200 OK", answered.Errors, StringComparison.Ordinal);
    }
}
