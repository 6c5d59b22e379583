using System.Security.Cryptography;
using System.Text;
using Elanus.Milvus;
using Microsoft.AspNetCore.Http;

namespace Elanus.Server;

/// <summary>
/// Refuses calls that a node of another cluster passed on: what is known of an active's address may be old, and a node of another cluster, or one that is alone, listens there by now.
/// Its clients would be told that their rows are safe where nobody looks for them.
/// </summary>
internal static class OwnCluster
{
    /// <summary>What the version before this one puts there, of whatever cluster: taken while a cluster is upgraded, until the next version.</summary>
    private const string Older = "1";

    /// <summary>What nodes of one cluster put on calls that they pass on; it gives the token away to nobody.</summary>
    public static string Mark(string cluster, string token) =>
        Convert.ToHexString(HMACSHA256.HashData(Encoding.UTF8.GetBytes(token), Encoding.UTF8.GetBytes($"forwarded within {cluster}")), 0, 16);

    /// <summary>Leaves all else to <paramref name="calls"/>.</summary>
    /// <param name="calls">Answers clients.</param>
    /// <param name="mark">Of this node's cluster; null where it is alone.</param>
    public static RequestDelegate Before(RequestDelegate calls, string? mark) => http =>
    {
        if (http.Request.Headers[ForwardingHeaders.Forwarded] is not [{ } shown] || (mark is not null && (shown == mark || shown == Older)))
        {
            return calls(http);
        }

        http.Response.Headers[ForwardingHeaders.NotActive] = "1";
        return FailedCalls.Refuse(http, $"a node of another cluster passed this call on: {(mark is null ? "this node is alone" : "the cluster's name or token is another here")}");
    };
}
