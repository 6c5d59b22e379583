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
        var context = await Serve(PathOf(method), "application/grpc", Framed(request), metadata, gone: default);
        Assert.Equal("", context.Response.Headers["grpc-message"].ToString());
        var reply = ((MemoryStream)context.Response.Body).ToArray();
        return new MessageParser<TReply>(() => new()).ParseFrom(reply.AsSpan(PrefixBytes));
    }

    /// <summary>A unary gRPC call of MilvusService whose client goes away before it is answered.</summary>
    public Task Abandon(string method, IMessage request, CancellationToken gone) => Serve(PathOf(method), "application/grpc", Framed(request), [], gone);

    /// <summary>A REST call below /v2/vectordb/.</summary>
    public async Task<JsonElement> Rest(string path, string body, params (string Name, string Value)[] headers)
    {
        var context = await Serve($"/v2/vectordb/{path}", "application/json", Encoding.UTF8.GetBytes(body), headers, gone: default);
        Assert.Equal(StatusCodes.Status200OK, context.Response.StatusCode);
        return JsonDocument.Parse(((MemoryStream)context.Response.Body).ToArray()).RootElement;
    }

    /// <summary>A unary gRPC call of MilvusService, however it ends.</summary>
    public Task<HttpContext> Whole(string method, IMessage request) => Serve(PathOf(method), "application/grpc", Framed(request), [], gone: default);

    /// <summary>A REST call below /v2/vectordb/, however it ends.</summary>
    public Task<HttpContext> WholeRest(string path, string body) => Serve($"/v2/vectordb/{path}", "application/json", Encoding.UTF8.GetBytes(body), [], gone: default);

    private static string PathOf(string method) => $"/{CallRoutes.Service.FullName}/{method}";

    private static byte[] Framed(IMessage request)
    {
        var body = new byte[PrefixBytes + request.CalculateSize()];
        BinaryPrimitives.WriteInt32BigEndian(body.AsSpan(1), request.CalculateSize());
        request.WriteTo(body.AsSpan(PrefixBytes));
        return body;
    }

    private async Task<HttpContext> Serve(string path, string type, byte[] body, (string Name, string Value)[] headers, CancellationToken gone)
    {
        var context = new DefaultHttpContext { RequestAborted = gone };
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
        await context.Response.BodyWriter.FlushAsync(CancellationToken.None);
        return context;
    }
}
