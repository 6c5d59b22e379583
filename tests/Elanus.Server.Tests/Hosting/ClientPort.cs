using System.Buffers.Binary;
using System.Text;
using System.Text.Json;
using Elanus.Milvus;
using Google.Protobuf;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging.Abstractions;

namespace Elanus.Server.Tests;

/// <summary>The client port of a node without a network: whole requests in, whole replies out.</summary>
internal sealed class ClientPort(StandaloneNode node)
{
    private const int PrefixBytes = 5;

    private readonly RequestDelegate serve = ClientCalls.Over(node, ConfigurationReader.Read(new()).Configuration!, "127.0.0.1:19530", TimeProvider.System, NullLoggerFactory.Instance);

    /// <summary>A unary gRPC call of MilvusService that must end with OK.</summary>
    public async Task<TReply> Call<TReply>(string method, IMessage request, params (string Name, string Value)[] metadata)
        where TReply : IMessage<TReply>, new()
    {
        var body = new byte[PrefixBytes + request.CalculateSize()];
        BinaryPrimitives.WriteInt32BigEndian(body.AsSpan(1), request.CalculateSize());
        request.WriteTo(body.AsSpan(PrefixBytes));
        var context = await Serve($"/{CallRoutes.Service.FullName}/{method}", "application/grpc", body, metadata);
        Assert.Equal("", context.Response.Headers["grpc-message"].ToString());
        var reply = ((MemoryStream)context.Response.Body).ToArray();
        return new MessageParser<TReply>(() => new()).ParseFrom(reply.AsSpan(PrefixBytes));
    }

    /// <summary>A REST call below /v2/vectordb/.</summary>
    public async Task<JsonElement> Rest(string path, string body, params (string Name, string Value)[] headers)
    {
        var context = await Serve($"/v2/vectordb/{path}", "application/json", Encoding.UTF8.GetBytes(body), headers);
        Assert.Equal(StatusCodes.Status200OK, context.Response.StatusCode);
        return JsonDocument.Parse(((MemoryStream)context.Response.Body).ToArray()).RootElement;
    }

    private async Task<HttpContext> Serve(string path, string type, byte[] body, (string Name, string Value)[] headers)
    {
        var context = new DefaultHttpContext();
        context.Request.Protocol = "HTTP/2";
        context.Request.Method = HttpMethods.Post;
        context.Request.Path = path;
        context.Request.ContentType = type;
        context.Request.Body = new MemoryStream(body);
        context.Response.Body = new MemoryStream();
        foreach (var (name, value) in headers)
        {
            context.Request.Headers[name] = value;
        }

        await serve(context);
        await context.Response.BodyWriter.FlushAsync();
        return context;
    }
}
