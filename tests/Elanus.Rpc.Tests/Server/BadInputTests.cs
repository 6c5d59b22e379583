using System.IO.Compression;
using System.Net;
using System.Net.Sockets;
using Elanus.Rpc.Tests.Protocol;
using Google.Protobuf;

namespace Elanus.Rpc.Tests.Server;

/// <summary>Whatever a client sends, its call ends with a status that names the fault, and the server goes on serving.</summary>
public class BadInputTests
{
    private static readonly byte[] Good = RawCall.Frame(new Ask { Text = "good" });

    public static TheoryData<byte[], string> Streams() => new()
    {
        { [], "carries no message" },
        { [0, 0, 0], "3 of 5 bytes" },
        { RawCall.Frame([1, 2, 3], length: 10), "3 of 10 bytes" },
        { RawCall.Frame([], length: 3_000_000), "0 of 3000000 bytes" },
        { RawCall.Frame([0x0a, 0x7f, 0x00]), "elanus.rpc.tests.Ask" },
        { RawCall.Frame([0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff]), "elanus.rpc.tests.Ask" },
        { RawCall.Frame([0x07]), "elanus.rpc.tests.Ask" },
        { RawCall.Frame([], flag: 2), "flag 2" },
        { RawCall.Frame([1, 2, 3], flag: 1), "no grpc-encoding" },
        { [.. Good, .. Good], "second message" },
        { [.. Good, 0], "second message" },
    };

    [Theory]
    [MemberData(nameof(Streams))]
    public async Task A_broken_stream_ends_the_call_with_internal(byte[] body, string fault)
    {
        await using var server = await ProbeServer.Start();
        var answer = await RawCall.Post(server, "Echo", body);
        Assert.Equal(RpcStatusCode.Internal, answer.Code);
        Assert.Contains(fault, answer.Message, StringComparison.Ordinal);
        Assert.Equal(RpcStatusCode.Ok, (await RawCall.Post(server, "Echo", Good)).Code);
    }

    [Theory]
    [InlineData("Echo")]
    [InlineData("EchoRaw")]
    public async Task A_message_above_the_limit_is_refused_and_one_at_the_limit_is_not(string method)
    {
        await using var server = await ProbeServer.Start(new RpcLimits { ReceiveBytesMax = 1000, SendBytesMax = 1000 });
        byte[] atLimit = [0x12, 0xe5, 0x07, .. new byte[997]];
        Assert.Equal(RpcStatusCode.Ok, (await RawCall.Post(server, method, RawCall.Frame(atLimit))).Code);

        var announced = await RawCall.Post(server, method, RawCall.Frame([], length: 1001));
        Assert.Equal(RpcStatusCode.ResourceExhausted, announced.Code);
        Assert.Contains("1001 bytes is larger than the limit of 1000", announced.Message, StringComparison.Ordinal);
        Assert.Equal(RpcStatusCode.ResourceExhausted, (await RawCall.Post(server, method, RawCall.Frame([], length: uint.MaxValue))).Code);
    }

    [Fact]
    public async Task A_reply_above_the_limit_is_refused()
    {
        await using var server = await ProbeServer.Start(new RpcLimits { ReceiveBytesMax = 2000, SendBytesMax = 1000 });
        var answer = await RawCall.Post(server, "Echo", RawCall.Frame(new Ask { Data = ByteString.CopyFrom(new byte[1500]) }));
        Assert.Equal(RpcStatusCode.ResourceExhausted, answer.Code);
        Assert.Contains("sent message", answer.Message, StringComparison.Ordinal);
        Assert.Empty(answer.Body);
    }

    [Fact]
    public async Task Gzip_is_understood_and_answered_in_kind()
    {
        await using var server = await ProbeServer.Start();
        var ask = new Ask { Text = new string('a', 50_000) };
        var body = RawCall.Frame(Compressed(ask.ToByteArray()), flag: 1);

        var plain = await RawCall.Post(server, "Echo", body, [("grpc-encoding", "gzip")]);
        Assert.Equal(ask.Text, plain.Reply(Told.Parser).Text);

        var gzip = await RawCall.Post(server, "Echo", body, [("grpc-encoding", "gzip"), ("grpc-accept-encoding", "identity, gzip")]);
        Assert.Equal("gzip", gzip.Headers["grpc-encoding"]);
        Assert.Equal(1, gzip.Body[0]);
        using var unpacked = new GZipStream(new MemoryStream(gzip.Body, 5, gzip.Body.Length - 5), CompressionMode.Decompress);
        Assert.Equal(ask.Text, Told.Parser.ParseFrom(unpacked).Text);
    }

    [Fact]
    public async Task Bytes_that_do_not_unpack_or_unpack_to_too_much_are_refused()
    {
        await using var server = await ProbeServer.Start(new RpcLimits { ReceiveBytesMax = 100_000, SendBytesMax = 1000 });
        var garbage = await RawCall.Post(server, "Echo", RawCall.Frame([1, 2, 3, 4], flag: 1), [("grpc-encoding", "gzip")]);
        Assert.Equal(RpcStatusCode.Internal, garbage.Code);
        Assert.Contains("gzip", garbage.Message, StringComparison.Ordinal);

        var bomb = await RawCall.Post(server, "Echo", RawCall.Frame(Compressed(new byte[10_000_000]), flag: 1), [("grpc-encoding", "gzip")]);
        Assert.Equal(RpcStatusCode.ResourceExhausted, bomb.Code);
    }

    [Fact]
    public async Task An_encoding_nobody_speaks_is_unimplemented_and_the_known_ones_are_told()
    {
        await using var server = await ProbeServer.Start();
        var answer = await RawCall.Post(server, "Echo", Good, [("grpc-encoding", "snappy")]);
        Assert.Equal(RpcStatusCode.Unimplemented, answer.Code);
        Assert.Equal("identity,gzip", answer.Headers["grpc-accept-encoding"]);
    }

    [Theory]
    [InlineData("5")]
    [InlineData("S")]
    [InlineData("-1S")]
    [InlineData("123456789S")]
    [InlineData("1.5S")]
    [InlineData("1x")]
    public async Task A_malformed_deadline_is_named(string timeout)
    {
        await using var server = await ProbeServer.Start();
        var answer = await RawCall.Post(server, "Echo", Good, [("grpc-timeout", timeout)]);
        Assert.Equal(RpcStatusCode.Internal, answer.Code);
        Assert.Contains("grpc-timeout", answer.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_looks_like_a_call_but_is_none_gets_an_http_status()
    {
        await using var server = await ProbeServer.Start();
        Assert.Equal(HttpStatusCode.UnsupportedMediaType, (await RawCall.Post(server, "Echo", Good, contentType: "application/grpc+json")).Http);
        Assert.Equal(HttpStatusCode.MethodNotAllowed, (await RawCall.Post(server, "Echo", Good, verb: HttpMethod.Put)).Http);
        Assert.Equal(HttpStatusCode.UpgradeRequired, (await RawCall.Post(server, "Echo", Good, version: HttpVersion.Version11)).Http);
        Assert.Equal(RpcStatusCode.Ok, (await RawCall.Post(server, "Echo", Good, contentType: "application/grpc+proto")).Code);
    }

    [Fact]
    public async Task Garbage_on_the_connection_leaves_the_server_serving()
    {
        await using var server = await ProbeServer.Start();
        byte[][] openings =
        [
            [],
            "PRI * HT"u8.ToArray(),
            [.. "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n"u8, 255, 255, 255, 255, 255, 255, 255, 255, 255],
            [.. "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n"u8, 0, 0, 4, 1, 5, 0, 0, 0, 1, 0x82, 0x00],
            [0x16, 0x03, 0x01, 0x02, 0x00],
        ];
        foreach (var opening in openings)
        {
            using var socket = new TcpClient();
            await socket.ConnectAsync(server.Address.Host, server.Address.Port);
            var stream = socket.GetStream();
            await stream.WriteAsync(opening);
            socket.Client.Shutdown(SocketShutdown.Send);

            // The server closes such a connection itself.
            try
            {
                await stream.CopyToAsync(Stream.Null);
            }
            catch (IOException)
            {
                // By a reset: as good.
            }
        }

        Assert.Equal(RpcStatusCode.Ok, (await RawCall.Post(server, "Echo", Good)).Code);
    }

    private static byte[] Compressed(byte[] plain)
    {
        var packed = new MemoryStream();
        using (var gzip = new GZipStream(packed, CompressionLevel.Fastest))
        {
            gzip.Write(plain);
        }

        return packed.ToArray();
    }
}
