using System.Net;
using Elanus.Primitives;
using Elanus.Rpc.Framing;
using Microsoft.AspNetCore.Http;

namespace Elanus.Server;

/// <summary>A client's call, read whole so that it can be sent more than once. One task at a time.</summary>
internal sealed class HeldCall
{
    private readonly HttpRequest request;
    private readonly byte[] body;

    private HeldCall(HttpRequest request, byte[] body, string requestId)
    {
        this.request = request;
        this.body = body;
        RequestId = requestId;
    }

    public string RequestId { get; }

    /// <summary>Reads the request; null where its body is larger than <paramref name="bytesMax"/>.</summary>
    public static async Task<HeldCall?> Read(HttpContext http, long bytesMax, IRandomSource random, CancellationToken cancel)
    {
        using var body = new MemoryStream((int)Math.Min(http.Request.ContentLength ?? 0, bytesMax));
        if (!await ReadBody(http, body, bytesMax, cancel))
        {
            return null;
        }

        var given = http.Request.Headers[ForwardingHeaders.RequestId].ToString();
        return new(http.Request, body.ToArray(), given.Length > 0 ? given : new RequestId(random.NextUInt64(), random.NextUInt64()).ToString());
    }

    /// <summary>Reads a request's body whole; false where it is larger than <paramref name="bytesMax"/>.</summary>
    public static async Task<bool> ReadBody(HttpContext http, MemoryStream body, long bytesMax, CancellationToken cancel)
    {
        while (true)
        {
            var read = await http.Request.BodyReader.ReadAsync(cancel);
            if (body.Length + read.Buffer.Length > bytesMax)
            {
                http.Request.BodyReader.AdvanceTo(read.Buffer.End);
                return false;
            }

            foreach (var piece in read.Buffer)
            {
                body.Write(piece.Span);
            }

            http.Request.BodyReader.AdvanceTo(read.Buffer.End);
            if (read.IsCompleted)
            {
                return true;
            }
        }
    }

    /// <summary>The request as it came, under its id, to be answered within this process.</summary>
    public void Restore(HttpContext context)
    {
        context.Request.Body = new MemoryStream(body, writable: false);
        context.Request.Headers[ForwardingHeaders.RequestId] = RequestId;
    }

    /// <summary>One attempt to a node, which gets what is left of the call's time.</summary>
    public HttpRequestMessage To(Uri node, TimeSpan? left)
    {
        var message = new HttpRequestMessage(new(request.Method), new Uri(node, request.Path.ToUriComponent() + request.QueryString.ToUriComponent()))
        {
            Version = HttpVersion.Version20,
            VersionPolicy = HttpVersionPolicy.RequestVersionExact,
            Content = new ByteArrayContent(body),
        };
        foreach (var (name, values) in request.Headers)
        {
            if (ForwardingHeaders.IsOfTheHop(name) || name.Equals(ForwardingHeaders.RequestId, StringComparison.OrdinalIgnoreCase))
            {
                continue;
            }

            if (!message.Headers.TryAddWithoutValidation(name, values.AsEnumerable()))
            {
                message.Content.Headers.TryAddWithoutValidation(name, values.AsEnumerable());
            }
        }

        message.Headers.Add(ForwardingHeaders.RequestId, RequestId);
        message.Headers.Add(ForwardingHeaders.Forwarded, "1");
        if (left is { } time)
        {
            message.Headers.TryAddWithoutValidation("grpc-timeout", GrpcTimeout.Format(time));
        }

        return message;
    }
}
