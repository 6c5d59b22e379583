using Microsoft.AspNetCore.Http;

namespace Elanus.Server.Tests;

public sealed class OwnClusterTests
{
    private const string Token = "token";

    private static readonly string Kites = OwnCluster.Mark("kites", Token);

    [Fact]
    public async Task What_a_node_of_the_same_cluster_passes_on_is_answered_and_so_is_a_client()
    {
        Assert.Equal("answered", await Ask(Kites, OwnCluster.Mark("kites", Token)));
        Assert.Equal("answered", await Ask(Kites, shown: "1"));
        Assert.Equal("answered", await Ask(Kites, shown: null));
        Assert.Equal("answered", await Ask(mark: null, shown: null));
    }

    [Fact]
    public async Task What_a_node_of_another_cluster_passes_on_is_refused_and_was_not_done()
    {
        Assert.Contains("the cluster's name or token is another", await Ask(Kites, OwnCluster.Mark("hawks", Token)), StringComparison.Ordinal);
        Assert.Contains("the cluster's name or token is another", await Ask(Kites, OwnCluster.Mark("kites", "another")), StringComparison.Ordinal);
        Assert.Contains("this node is alone", await Ask(mark: null, "1"), StringComparison.Ordinal);
        Assert.Contains("this node is alone", await Ask(mark: null, Kites), StringComparison.Ordinal);
    }

    /// <summary>What became of a call: "answered", or why it was refused.</summary>
    private static async Task<string> Ask(string? mark, string? shown)
    {
        var answered = false;
        var context = new DefaultHttpContext();
        context.Request.ContentType = "application/grpc";
        if (shown is not null)
        {
            context.Request.Headers[ForwardingHeaders.Forwarded] = shown;
        }

        await OwnCluster.Before(
            _ =>
            {
                answered = true;
                return Task.CompletedTask;
            },
            mark)(context);
        if (answered)
        {
            return "answered";
        }

        Assert.Equal(("14", "1"), (context.Response.Headers["grpc-status"].ToString(), context.Response.Headers[ForwardingHeaders.NotActive].ToString()));
        return Uri.UnescapeDataString(context.Response.Headers["grpc-message"].ToString());
    }
}
