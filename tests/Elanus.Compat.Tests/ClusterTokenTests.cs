namespace Elanus.Compat.Tests;

/// <summary>A pair whose token is configured, and a node that shows another one.</summary>
public sealed class ClusterTokenTests
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    [Fact]
    public Task A_pair_with_a_token_serves_and_refuses_a_node_with_another() => ClusterPair.Undisturbed(AnotherToken, ("CLUSTER_TOKEN", "ours"));

    private static async Task AnotherToken(ClusterPair pair)
    {
        var survivors = await Survivors.Begin(pair.First);
        await using (var load = survivors.Write(pair.Second))
        {
            await load.More(50);
            var folder = Directory.CreateDirectory(Path.Combine(pair.Folder, "stranger")).FullName;
            await using (var stranger = await ServerProcess.Start(new Dictionary<string, string>(pair.Environment) { ["CLUSTER_TOKEN"] = "theirs" }, folder, ClusterPair.FreePort()))
            {
                var sentence = $"the node at {pair.First.Address} refuses this one: the cluster's token is missing or another; all nodes of a cluster need the same cluster.token";
                var until = DateTime.UtcNow + Patience;
                while (!stranger.Output.Contains(sentence, StringComparison.Ordinal))
                {
                    Assert.True(DateTime.UtcNow < until, stranger.Output);
                    await Task.Delay(20);
                }

                await load.More(50);
                await ClusterPair.Until(pair.First, status => status.GetProperty("in_sync").GetArrayLength() == 2 && status.GetProperty("peers").GetArrayLength() == 1);
            }
        }

        await survivors.Check(pair.Second);
    }
}
