using System.Buffers.Binary;
using System.Net;
using Elanus.Milvus.Protocol;
using Elanus.Milvus.Protocol.Common;
using Google.Protobuf;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;

namespace Elanus.Server.Tests;

/// <summary>Calls of clients as a forwarder takes them, and the replies of scripted actives.</summary>
internal static class ForwardedCalls
{
    public const string Service = "/milvus.proto.milvus.MilvusService/";

    public static Task<HttpContext> Serve(CallForwarder forwarder, string method, Action<HttpRequest>? configure) => Serve(forwarder.Serve, method, configure);

    public static async Task<HttpContext> Serve(RequestDelegate node, string method, Action<HttpRequest>? configure)
    {
        var context = new DefaultHttpContext();
        context.Request.Protocol = "HTTP/2";
        context.Request.Method = HttpMethods.Post;
        context.Request.Path = Service + method;
        context.Request.ContentType = "application/grpc";
        context.Request.Body = new MemoryStream([0, 0, 0, 0, 0]);
        context.Response.Body = new MemoryStream();
        context.Features.Set<IHttpResponseTrailersFeature>(new Trailers());
        configure?.Invoke(context.Request);
        await node(context);
        await context.Response.BodyWriter.FlushAsync();
        return context;
    }

    public static TReply Message<TReply>(HttpContext context)
        where TReply : IMessage<TReply>, new()
    {
        Assert.Equal("", context.Response.Headers["grpc-message"].ToString());
        return new MessageParser<TReply>(() => new()).ParseFrom(((MemoryStream)context.Response.Body).ToArray().AsSpan(5));
    }

    public static Func<HttpResponseMessage> Reply(IMessage message) => () =>
    {
        var frame = new byte[5 + message.CalculateSize()];
        BinaryPrimitives.WriteInt32BigEndian(frame.AsSpan(1), message.CalculateSize());
        message.WriteTo(frame.AsSpan(5));
        return new(HttpStatusCode.OK) { Content = new ByteArrayContent(frame) };
    };

    public static Func<HttpResponseMessage> Unknown() => () =>
    {
        var reply = Reply(new MutationResult { Status = new() { Code = 2 } })();
        reply.TrailingHeaders.Add("elanus-outcome", "unknown");
        return reply;
    };

    public static Func<HttpResponseMessage> NotActive() => () =>
    {
        var reply = new HttpResponseMessage(HttpStatusCode.OK);
        reply.Headers.Add(ForwardingHeaders.NotActive, "1");
        return reply;
    };

    public static Func<HttpResponseMessage> Broken(HttpRequestError how) => () => throw new HttpRequestException(how);

    private sealed class Trailers : IHttpResponseTrailersFeature
    {
        IHeaderDictionary IHttpResponseTrailersFeature.Trailers { get; set; } = new HeaderDictionary();
    }
}
