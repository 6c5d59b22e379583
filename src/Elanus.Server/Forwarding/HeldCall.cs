using System.Net;
using Elanus.Primitives;
using Elanus.Rpc.Framing;
using Microsoft.AspNetCore.Http;

namespace Elanus.Server;

/// <summary>A client's call, read whole so that it can be sent more than once. One task at a time.</summary>
internal sealed class HeldCall : IDisposable
{
    private readonly HttpRequest request;
    private readonly HeldBody body;

    private HeldCall(HttpRequest request, HeldBody body, string requestId)
    {
        this.request = request;
        this.body = body;
        RequestId = requestId;
    }

    public string RequestId { get; }

    /// <summary>Reads the request, where nobody has before; fails as <see cref="HeldBody.Read"/>.</summary>
    public static async Task<Result<HeldCall>> Read(HttpContext http, long bytesMax, SharedBudget budget, IRandomSource random, CancellationToken cancel)
    {
        // What was read before is counted where it was.
        if (http.Features.Get<HeldBody>() is not { } body && !(await HeldBody.Read(http.Request.BodyReader, http.Request.ContentLength, bytesMax, budget, cancel)).TryGet(out body, out var failure))
        {
            return failure;
        }

        var given = http.Request.Headers[ForwardingHeaders.RequestId].ToString();
        return new HeldCall(http.Request, body, given.Length > 0 ? given : new RequestId(random.NextUInt64(), random.NextUInt64()).ToString());
    }

    /// <summary>Lets go of its memory.</summary>
    public void Dispose() => body.Dispose();

    /// <summary>The request as it came, under its id, to be answered within this process.</summary>
    public void Restore(HttpContext context)
    {
        context.Request.Body = body.Open();
        context.Request.Headers[ForwardingHeaders.RequestId] = RequestId;
    }

    /// <summary>One attempt to a node of the cluster with this mark, which gets what is left of the call's time.</summary>
    public (HttpRequestMessage Message, HeldContent Content) To(Uri node, string mark, TimeSpan? left)
    {
        var content = new HeldContent(body.Bytes);
        var message = new HttpRequestMessage(new(request.Method), new Uri(node, request.Path.ToUriComponent() + request.QueryString.ToUriComponent()))
        {
            Version = HttpVersion.Version20,
            VersionPolicy = HttpVersionPolicy.RequestVersionExact,
            Content = content,
        };
        foreach (var (name, values) in request.Headers)
        {
            if (ForwardingHeaders.IsOfTheHop(name) || name.Equals(ForwardingHeaders.RequestId, StringComparison.OrdinalIgnoreCase))
            {
                continue;
            }

            if (!message.Headers.TryAddWithoutValidation(name, values.AsEnumerable()))
            {
                content.Headers.TryAddWithoutValidation(name, values.AsEnumerable());
            }
        }

        message.Headers.Add(ForwardingHeaders.RequestId, RequestId);
        message.Headers.Add(ForwardingHeaders.Forwarded, mark);
        if (left is { } time)
        {
            message.Headers.TryAddWithoutValidation("grpc-timeout", GrpcTimeout.Format(time));
        }

        return (message, content);
    }
}
