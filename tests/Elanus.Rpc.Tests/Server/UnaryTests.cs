using System.Net;
using Elanus.Rpc.Tests.Protocol;
using Google.Protobuf;

namespace Elanus.Rpc.Tests.Server;

public class UnaryTests
{
    [Theory]
    [InlineData("Echo", 0)]
    [InlineData("Echo", 10_000)]
    [InlineData("Echo", 3_000_000)]
    [InlineData("EchoRaw", 0)]
    [InlineData("EchoRaw", 10_000)]
    [InlineData("EchoRaw", 3_000_000)]
    public async Task A_message_comes_back_whole(string method, int size)
    {
        await using var server = await ProbeServer.Start();
        var data = new byte[size];
        new Random(size).NextBytes(data);
        var ask = new Ask { Text = "täxt", Data = ByteString.CopyFrom(data), Count = -7 };

        var answer = await RawCall.Post(server, method, RawCall.Frame(ask));

        Assert.Equal(HttpStatusCode.OK, answer.Http);
        Assert.Equal("application/grpc", answer.Headers["content-type"]);
        Assert.Equal("0", answer.Trailers["grpc-status"]);
        Assert.Equal(ask, answer.Reply(Ask.Parser));
    }

    [Fact]
    public async Task An_empty_message_is_answered_by_an_empty_one()
    {
        await using var server = await ProbeServer.Start();
        var answer = await RawCall.Post(server, "Echo", RawCall.Frame([]));
        Assert.Equal(RpcStatusCode.Ok, answer.Code);
        Assert.Equal(new byte[5], answer.Body);
    }

    [Fact]
    public async Task A_status_without_a_message_stands_in_the_headers_alone()
    {
        await using var server = await ProbeServer.Start();
        var answer = await RawCall.Post(server, "Fail", RawCall.Frame(new Ask { Count = 9, Text = "100 % kaputt ✗\n" }));
        Assert.Equal("9", answer.Headers["grpc-status"]);
        Assert.Equal("100 %25 kaputt %E2%9C%97%0A", answer.Headers["grpc-message"]);
        Assert.Empty(answer.Trailers);
        Assert.Empty(answer.Body);
    }

    [Theory]
    [InlineData("Unserved", "elanus.rpc.tests.Probe has no method Unserved")]
    [InlineData("NeverHeardOf", "has no method NeverHeardOf")]
    [InlineData("/some.Other/Thing", "no service answers to /some.Other/Thing")]
    [InlineData("/", "no service answers to /")]
    public async Task An_unknown_method_is_unimplemented(string method, string message)
    {
        await using var server = await ProbeServer.Start();
        var answer = await RawCall.Post(server, method, RawCall.Frame(new Ask()));
        Assert.Equal(HttpStatusCode.OK, answer.Http);
        Assert.Equal(RpcStatusCode.Unimplemented, answer.Code);
        Assert.Contains(message, answer.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_handler_that_throws_ends_its_call_only()
    {
        await using var server = await ProbeServer.Start();
        var broken = await RawCall.Post(server, "Break", RawCall.Frame(new Ask()));
        Assert.Equal(RpcStatusCode.Unknown, broken.Code);
        Assert.DoesNotContain("on demand", broken.Message, StringComparison.Ordinal);
        Assert.Equal(RpcStatusCode.Ok, (await RawCall.Post(server, "Echo", RawCall.Frame(new Ask()))).Code);
    }

    [Fact]
    public async Task Metadata_travels_both_ways()
    {
        await using var server = await ProbeServer.Start();
        var answer = await RawCall.Post(server, "Describe", RawCall.Frame(new Ask { Text = "dbname" }), [("dbname", "books"), ("grpc-timeout", "90S")]);
        var told = answer.Reply(Told.Parser);
        Assert.Equal("books", told.Text);
        Assert.InRange(told.Count, 60, 90);
        Assert.Equal("h", answer.Headers["probe-head"]);
        Assert.Equal("AP8", answer.Headers["probe-head-bin"]);
        Assert.Equal("t", answer.Trailers["probe-tail"]);
    }

    [Theory]
    [InlineData("AP8")]
    [InlineData("AP8=")]
    [InlineData("AQ==,AP8")]
    public async Task Binary_metadata_is_base64_with_or_without_padding(string wire)
    {
        await using var server = await ProbeServer.Start();
        var answer = await RawCall.Post(server, "Describe", RawCall.Frame(new Ask { Text = "x-bin" }), [("x-bin", wire)]);
        Assert.Equal([0, 255], answer.Reply(Told.Parser).Data.ToByteArray());
    }

    [Fact]
    public async Task Binary_metadata_that_is_not_base64_ends_the_call()
    {
        await using var server = await ProbeServer.Start();
        var answer = await RawCall.Post(server, "Describe", RawCall.Frame(new Ask()), [("x-bin", "$$$")]);
        Assert.Equal(RpcStatusCode.Internal, answer.Code);
        Assert.Contains("x-bin", answer.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_gate_sees_the_call_before_it_is_read()
    {
        await using var server = await ProbeServer.Start(gate: call =>
            new(call.Header("authorization") == "yes" ? RpcStatus.Ok : new(RpcStatusCode.Unauthenticated, $"{call.Method.Name} wants a credential")));
        var refused = await RawCall.Post(server, "Echo", RawCall.Frame([0xff]));
        Assert.Equal(RpcStatusCode.Unauthenticated, refused.Code);
        Assert.Equal("Echo wants a credential", refused.Message);
        Assert.Equal(RpcStatusCode.Ok, (await RawCall.Post(server, "Echo", RawCall.Frame([]), [("authorization", "yes")])).Code);
    }

    [Fact]
    public async Task What_is_not_grpc_passes_on_in_both_versions_of_http()
    {
        await using var server = await ProbeServer.Start();
        foreach (var version in new[] { HttpVersion.Version11, HttpVersion.Version20 })
        {
            var answer = await RawCall.Post(server, "/v2/vectordb/collections/list", "{}"u8.ToArray(), contentType: "application/json", version: version);
            Assert.Equal(ProbeServer.Rest, System.Text.Encoding.UTF8.GetString(answer.Body));
        }
    }
}
