using Microsoft.AspNetCore.Http;

namespace Elanus.Server;

/// <summary>Gives a reply that came from the active node to the client as it came: status, headers, body, trailers.</summary>
internal static class ForwardedReply
{
    public static async Task Send(HttpResponseMessage reply, ReadOnlyMemory<byte> body, HttpContext context)
    {
        var response = context.Response;
        response.StatusCode = (int)reply.StatusCode;
        foreach (var (name, values) in reply.Headers.NonValidated.Concat(reply.Content.Headers.NonValidated))
        {
            if (!ForwardingHeaders.IsOfTheHop(name) && !name.Equals("date", StringComparison.OrdinalIgnoreCase) && !name.Equals("server", StringComparison.OrdinalIgnoreCase))
            {
                response.Headers[name] = values.ToArray();
            }
        }

        if (body.Length > 0)
        {
            await response.BodyWriter.WriteAsync(body, context.RequestAborted);
        }

        foreach (var (name, values) in reply.TrailingHeaders.NonValidated)
        {
            response.AppendTrailer(name, values.ToArray());
        }
    }
}
