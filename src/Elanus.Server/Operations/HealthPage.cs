using Elanus.Server.Operations.Protocol;
using Microsoft.AspNetCore.Http;

namespace Elanus.Server;

/// <summary>
/// <c>GET /healthz[?role=active|standby|any]</c> on the client port, for load balancers and scripts: 200 where this node serves in that role (any unless said), 503
/// where not, and what it does in one line. Asked of this node, never passed on; open to everybody, as the status is.
/// </summary>
public static class HealthPage
{
    public const string Path = "/healthz";

    private const string Any = "any";

    /// <summary>Answers that page, and leaves all else to others.</summary>
    internal static RequestDelegate Before(RequestDelegate others, Func<NodeStatus> status) => http =>
        http.Request.Path.Value == Path && HttpMethods.IsGet(http.Request.Method) ? Answer(http, status()) : others(http);

    private static Task Answer(HttpContext http, NodeStatus status)
    {
        var asked = http.Request.Query["role"] is [{ Length: > 0 } role] ? role : Any;
        http.Response.StatusCode = status.Serving && (asked == Any || asked == status.Role) ? StatusCodes.Status200OK : StatusCodes.Status503ServiceUnavailable;
        http.Response.ContentType = "text/plain";
        return http.Response.WriteAsync(new HealthLine(status.Role, status.Serving).ToString());
    }
}
