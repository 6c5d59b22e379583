using System.Net;
using System.Net.Sockets;
using Elanus.Rpc.Client;
using Elanus.Rpc.Hosting;
using Elanus.Rpc.Tests.Protocol;
using Google.Protobuf;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace Elanus.Rpc.Tests.Client;

public class CallTests
{
    [Theory]
    [InlineData(0, false)]
    [InlineData(100, true)]
    [InlineData(20_000, true)]
    [InlineData(5_000_000, false)]
    [InlineData(5_000_000, true)]
    public async Task A_message_comes_back_whole_plain_or_compressed(int size, bool compress)
    {
        await using var server = await ProbeServer.Start();
        using var channel = new RpcChannel(server.Address);
        var data = new byte[size];
        new Random(size).NextBytes(data.AsSpan(0, size / 2));
        var ask = new Ask { Text = "x", Data = ByteString.CopyFrom(data), Count = 1 };
        var options = new RpcCallOptions { Compress = compress };

        var told = (await channel.Call(ProbeMethods.Echo, ask, options, default)).Value;
        var raw = (await channel.Call(ProbeMethods.EchoRaw, ask, options, default)).Value;

        Assert.Equal(ask.Data, told.Data);
        Assert.Equal(ask, raw);
    }

    [Fact]
    public async Task Many_calls_at_once_share_the_channel()
    {
        await using var server = await ProbeServer.Start();
        using var channel = new RpcChannel(server.Address);
        var replies = await Task.WhenAll(Enumerable.Range(0, 300).Select(async i =>
            (await channel.Call(ProbeMethods.Echo, new Ask { Count = i, Data = ByteString.CopyFrom(new byte[i * 10]) }, default)).Value));
        Assert.Equal(Enumerable.Range(0, 300), replies.Select(reply => reply.Count));
        Assert.All(replies, reply => Assert.Equal(reply.Count * 10, reply.Data.Length));
    }

    [Fact]
    public async Task A_server_that_resets_each_connection_at_once_is_unavailable()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        using var over = new CancellationTokenSource();
        var resetting = Reset();
        for (var i = 0; i < 600; i++)
        {
            using var channel = new RpcChannel(new($"http://{listener.LocalEndpoint}"));
            Assert.False((await channel.Call(ProbeMethods.Echo, new Ask(), default)).TryGet(out _, out var status));
            Assert.True(status.Code == RpcStatusCode.Unavailable, status.ToString());
            await using var stream = channel.Open(ProbeMethods.Chat, RpcCallOptions.None, default);
            Assert.Null(await stream.Read(default));
            Assert.True(stream.Status.Code == RpcStatusCode.Unavailable, stream.Status.ToString());
        }

        await over.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => resetting);

        async Task Reset()
        {
            while (true)
            {
                using var connection = await listener.AcceptSocketAsync(over.Token);
                connection.LingerState = new(true, 0);
            }
        }
    }

    [Fact]
    public async Task A_status_arrives_with_its_message()
    {
        await using var server = await ProbeServer.Start();
        using var channel = new RpcChannel(server.Address);
        foreach (var code in Enum.GetValues<RpcStatusCode>().Where(code => code != RpcStatusCode.Ok))
        {
            var result = await channel.Call(ProbeMethods.Fail, new Ask { Count = (int)code, Text = "50 % ✗" }, default);
            Assert.Equal(new RpcStatus(code, "50 % ✗"), result.Status);
        }

        Assert.Equal(RpcStatusCode.Unimplemented, (await channel.Call(ProbeMethods.Unserved, new Ask(), default)).Status.Code);
    }

    [Fact]
    public async Task Metadata_travels_both_ways()
    {
        await using var server = await ProbeServer.Start();
        using var channel = new RpcChannel(server.Address);
        var options = new RpcCallOptions { Headers = new RpcMetadata().Add("x-bin", new byte[] { 1, 2, 255 }).Add("X-Text", "hällo".Replace('ä', 'a')) };
        using var answer = await channel.CallRaw(ProbeMethods.Describe, RpcPayload.Of(new Ask { Text = "x-bin" }), options, default);
        Assert.Equal([1, 2, 255], Told.Parser.ParseFrom(answer.Message.Span).Data.ToByteArray());
        Assert.Equal("h", answer.Headers.Get("probe-head"));
        Assert.True(answer.Headers.TryGetBytes("probe-head-bin", out var bytes));
        Assert.Equal([0, 255], bytes.ToArray());
        Assert.Equal("t", answer.Trailers.Get("probe-tail"));
        Assert.Equal("hallo", (await channel.Call(ProbeMethods.Describe, new Ask { Text = "x-text" }, options, default)).Value.Text);
    }

    [Fact]
    public async Task A_deadline_ends_the_call_on_both_sides()
    {
        await using var server = await ProbeServer.Start();
        using var channel = new RpcChannel(server.Address);
        var result = await channel.Call(ProbeMethods.Hang, new Ask { Text = "late" }, new RpcCallOptions { Timeout = TimeSpan.FromMilliseconds(100) }, default);
        Assert.Equal(RpcStatusCode.DeadlineExceeded, result.Status.Code);
        await Waiting.Until(() => server.Probe.Cancelled.Contains("late"));
    }

    [Fact]
    public async Task The_server_answers_a_deadline_even_where_the_client_does_not_watch_it()
    {
        await using var server = await ProbeServer.Start();
        var answer = await RawCall.Post(server, "Hang", RawCall.Frame(new Ask { Text = "unwatched" }), [("grpc-timeout", "50m")]);
        Assert.Equal(RpcStatusCode.DeadlineExceeded, answer.Code);
    }

    [Fact]
    public async Task Cancelling_a_call_throws_here_and_cancels_there()
    {
        await using var server = await ProbeServer.Start();
        using var channel = new RpcChannel(server.Address);
        using var cancel = new CancellationTokenSource();
        var call = channel.Call(ProbeMethods.Hang, new Ask { Text = "unwanted" }, cancel.Token).AsTask();
        await Waiting.Until(() => server.Probe.Hanging.Contains("unwanted"));
        await cancel.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => call);
        await Waiting.Until(() => server.Probe.Cancelled.Contains("unwanted"));
    }

    [Fact]
    public async Task Nobody_listening_is_unavailable()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        var port = ((IPEndPoint)listener.LocalEndpoint).Port;
        listener.Stop();
        using var channel = new RpcChannel(new Uri($"http://127.0.0.1:{port}"));
        Assert.Equal(RpcStatusCode.Unavailable, (await channel.Call(ProbeMethods.Echo, new Ask(), default)).Status.Code);
    }

    [Fact]
    public async Task A_server_that_goes_away_during_a_call_is_unavailable_and_a_new_one_is_found()
    {
        var server = await ProbeServer.Start();
        using var channel = new RpcChannel(server.Address);
        var call = channel.Call(ProbeMethods.Hang, new Ask { Text = "orphan" }, default).AsTask();
        await Waiting.Until(() => server.Probe.Hanging.Contains("orphan"));
        await server.DisposeAsync();
        Assert.NotEqual(RpcStatusCode.Ok, (await call).Status.Code);
        Assert.Equal(RpcStatusCode.Unavailable, (await channel.Call(ProbeMethods.Echo, new Ask(), default)).Status.Code);
    }

    [Fact]
    public async Task Limits_hold_on_the_clients_side_too()
    {
        await using var server = await ProbeServer.Start();
        using var channel = new RpcChannel(server.Address, new() { Limits = new RpcLimits { SendBytesMax = 2000, ReceiveBytesMax = 1000 } });
        Assert.Equal(RpcStatusCode.Ok, (await channel.Call(ProbeMethods.Echo, Sized(900), default)).Status.Code);
        var received = await channel.Call(ProbeMethods.Echo, Sized(1500), default);
        Assert.Equal(RpcStatusCode.ResourceExhausted, received.Status.Code);
        Assert.Contains("received", received.Status.Message, StringComparison.Ordinal);
        var sent = await channel.Call(ProbeMethods.Echo, Sized(3000), default);
        Assert.Equal(RpcStatusCode.ResourceExhausted, sent.Status.Code);
        Assert.Contains("sent", sent.Status.Message, StringComparison.Ordinal);

        static Ask Sized(int bytes) => new() { Data = ByteString.CopyFrom(new byte[bytes]) };
    }

    [Theory]
    [InlineData(200, RpcStatusCode.Unknown)]
    [InlineData(401, RpcStatusCode.Unauthenticated)]
    [InlineData(404, RpcStatusCode.Unimplemented)]
    [InlineData(503, RpcStatusCode.Unavailable)]
    public async Task A_server_that_does_not_speak_grpc_ends_the_call_by_its_http_status(int http, RpcStatusCode expected)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.ConfigureKestrel(kestrel => kestrel.UseRpc().Listen(IPAddress.Loopback, 0, listen => listen.UseRpc(null, TimeProvider.System)));
        await using var app = builder.Build();
        app.Run(context =>
        {
            context.Response.StatusCode = http;
            return context.Response.WriteAsync("<html>");
        });
        await app.StartAsync();
        using var channel = new RpcChannel(new Uri(app.Urls.Single()));
        Assert.Equal(expected, (await channel.Call(ProbeMethods.Echo, new Ask(), default)).Status.Code);
    }
}
