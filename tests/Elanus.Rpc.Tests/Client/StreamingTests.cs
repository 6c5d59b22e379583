using Elanus.Rpc.Client;
using Elanus.Rpc.Tests.Protocol;
using Google.Protobuf;

namespace Elanus.Rpc.Tests.Client;

public class StreamingTests
{
    [Theory]
    [InlineData(0, 0)]
    [InlineData(1, 0)]
    [InlineData(1000, 100)]
    [InlineData(10, 2_000_000)]
    public async Task A_server_streams(int count, int size)
    {
        await using var server = await ProbeServer.Start();
        using var channel = new RpcChannel(server.Address);
        await using var call = channel.Open(ProbeMethods.CountUp, RpcCallOptions.None, default);
        Assert.True(await call.Write(new() { Count = count, Data = ByteString.CopyFrom(new byte[size]) }, default));
        await call.EndWrites(default);
        var next = 0;
        while (await call.Read(default) is { } told)
        {
            Assert.Equal(next++, told.Count);
            Assert.Equal(size, told.Data.Length);
        }

        Assert.Equal(count, next);
        Assert.Equal(RpcStatus.Ok, call.Status);
        Assert.Equal("t", call.Trailers.Get("probe-tail"));
        Assert.Null(await call.Read(default));
    }

    [Fact]
    public async Task A_stream_may_end_badly_after_messages()
    {
        await using var server = await ProbeServer.Start();
        using var channel = new RpcChannel(server.Address);
        await using var call = channel.Open(ProbeMethods.CountUp, RpcCallOptions.None, default);
        await call.Write(new() { Count = 2, Text = "enough" }, default);
        await call.EndWrites(default);
        Assert.NotNull(await call.Read(default));
        Assert.NotNull(await call.Read(default));
        Assert.Null(await call.Read(default));
        Assert.Equal(new RpcStatus(RpcStatusCode.Aborted, "enough"), call.Status);
    }

    [Theory]
    [InlineData(0, false)]
    [InlineData(500, false)]
    [InlineData(20, true)]
    public async Task A_client_streams(int count, bool compress)
    {
        await using var server = await ProbeServer.Start();
        using var channel = new RpcChannel(server.Address);
        await using var call = channel.Open(ProbeMethods.Sum, new() { Compress = compress }, default);
        for (var i = 1; i <= count; i++)
        {
            Assert.True(await call.Write(new() { Count = i, Data = ByteString.CopyFrom(new byte[5000]) }, default));
        }

        await call.EndWrites(default);
        var told = await call.Read(default);
        Assert.Equal(count * (count + 1) / 2, told?.Count);
        Assert.Null(await call.Read(default));
        Assert.Equal(RpcStatus.Ok, call.Status);
    }

    [Fact]
    public async Task Both_talk_in_turns_while_the_call_is_open()
    {
        await using var server = await ProbeServer.Start();
        using var channel = new RpcChannel(server.Address);
        await using var call = channel.Open(ProbeMethods.Chat, RpcCallOptions.None, default);
        await call.Headers(default);
        for (var i = 0; i < 50; i++)
        {
            Assert.True(await call.Write(new() { Count = i }, default));
            Assert.Equal(i, (await call.Read(default))?.Count);
        }

        await call.EndWrites(default);
        Assert.Null(await call.Read(default));
        Assert.Equal(RpcStatus.Ok, call.Status);
    }

    [Fact]
    public async Task A_slow_reader_holds_the_writer_back_and_loses_nothing()
    {
        await using var server = await ProbeServer.Start();
        using var channel = new RpcChannel(server.Address);
        await using var call = channel.Open(ProbeMethods.Chat, RpcCallOptions.None, default);
        const int Count = 100;
        var writing = Write();
        for (var i = 0; i < Count; i++)
        {
            var told = await call.Read(default);
            Assert.Equal(i, told?.Count);
            Assert.Equal(300_000, told?.Data.Length);
        }

        await writing;
        Assert.Null(await call.Read(default));

        async Task Write()
        {
            for (var i = 0; i < Count; i++)
            {
                await call.Write(new() { Count = i, Data = ByteString.CopyFrom(new byte[300_000]) }, default);
            }

            await call.EndWrites(default);
        }
    }

    [Fact]
    public async Task Writing_to_a_call_that_has_ended_says_so()
    {
        await using var server = await ProbeServer.Start();
        using var channel = new RpcChannel(server.Address);
        await using var call = channel.Open(ProbeMethods.Unserved, RpcCallOptions.None, default);
        Assert.Null(await call.Read(default));
        Assert.Equal(RpcStatusCode.Unimplemented, call.Status.Code);
        Assert.False(await call.Write(new(), default));
    }

    [Fact]
    public async Task A_malformed_message_amid_a_stream_ends_it()
    {
        await using var server = await ProbeServer.Start();
        using var channel = new RpcChannel(server.Address);
        await using var call = channel.OpenRaw(ProbeMethods.Chat, RpcCallOptions.None, default);
        await call.Write(RpcPayload.Of(new Ask { Count = 1 }), default);
        (await call.Read(default))?.Dispose();
        await call.Write(RpcPayload.Of(new byte[] { 0xff }), default);
        Assert.Null(await call.Read(default));
        Assert.Equal(RpcStatusCode.Internal, call.Status.Code);
        Assert.Contains("elanus.rpc.tests.Ask", call.Status.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_deadline_ends_a_stream()
    {
        await using var server = await ProbeServer.Start();
        using var channel = new RpcChannel(server.Address);
        await using var call = channel.Open(ProbeMethods.Chat, new() { Timeout = TimeSpan.FromMilliseconds(100) }, default);
        Assert.Null(await call.Read(default));
        Assert.Equal(RpcStatusCode.DeadlineExceeded, call.Status.Code);
    }

    [Fact]
    public async Task Disposing_an_open_stream_cancels_it_on_the_server()
    {
        await using var server = await ProbeServer.Start();
        using var channel = new RpcChannel(server.Address);
        var call = channel.Open(ProbeMethods.Hang, RpcCallOptions.None, default);
        await call.Write(new() { Text = "left" }, default);
        await call.EndWrites(default);
        await Waiting.Until(() => server.Probe.Hanging.Contains("left"));
        await call.DisposeAsync();
        await Waiting.Until(() => server.Probe.Cancelled.Contains("left"));
        Assert.Equal(RpcStatusCode.Cancelled, call.Status.Code);
    }

    [Fact]
    public async Task Cancelling_the_token_of_an_open_stream_throws_in_its_reader()
    {
        await using var server = await ProbeServer.Start();
        using var channel = new RpcChannel(server.Address);
        using var cancel = new CancellationTokenSource();
        await using var call = channel.Open(ProbeMethods.Chat, RpcCallOptions.None, cancel.Token);
        await call.Headers(default);
        var reading = call.Read(default).AsTask();
        await cancel.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => reading);
    }
}
