using System.Diagnostics;
using Elanus.Milvus.Protocol;
using Elanus.Milvus.Protocol.Common;
using Elanus.Rpc;
using Elanus.Rpc.Client;

namespace Elanus.Compat.Tests;

/// <summary>What operators, scripts and Milvus's tools see of each node of a pair.</summary>
public sealed class ClusterStatusTests
{
    private static readonly TimeSpan StandbyLineMax = TimeSpan.FromSeconds(15);

    [Fact]
    public Task Each_node_of_a_pair_tells_its_role_the_set_its_peers_and_its_lag() => ClusterPair.Undisturbed(TellingOfItself);

    private static async Task TellingOfItself(ClusterPair pair)
    {
        var survivors = await Survivors.Begin(pair.First);
        await using (var load = survivors.Write(pair.First))
        {
            await load.More(20);
        }

        var active = await ClusterPair.Until(pair.First, status => status.GetProperty("peers")[0].GetProperty("lag_records").GetInt64() == 0);
        var standby = await ClusterPair.Until(pair.Second, status => status.GetProperty("lag_records").GetInt64() == 0 && status.GetProperty("lag_seconds").GetDouble() < 0.5);
        Assert.Equal("active", active.GetProperty("role").GetString());
        Assert.Equal("standby", standby.GetProperty("role").GetString());
        Assert.NotEqual(pair.First.Id, active.GetProperty("pid").GetInt32());
        foreach (var status in new[] { active, standby })
        {
            Assert.Equal(1, status.GetProperty("epoch").GetInt64());
            Assert.Equal(pair.First.Address, status.GetProperty("active").GetString());
            Assert.Equal([pair.First.Address, pair.Second.Address], status.GetProperty("in_sync").EnumerateArray().Select(one => one.GetString()!));
            Assert.True(status.GetProperty("accepts_writes").GetBoolean());
            Assert.False(status.GetProperty("alone_in_set").GetBoolean());
            var peer = Assert.Single(status.GetProperty("peers").EnumerateArray());
            Assert.True(peer.GetProperty("in_sync").GetBoolean());
            Assert.True(peer.GetProperty("connected").GetBoolean());
        }

        Assert.Equal(pair.Second.Address, active.GetProperty("peers")[0].GetProperty("address").GetString());
        Assert.Equal("the cluster was formed", active.GetProperty("failovers")[0].GetProperty("why").GetString());
        Assert.True(standby.GetProperty("applied").GetInt64() > 0);

        await Components(pair);
        Assert.Equal("0 1 0", await Health(pair.First));
        Assert.Equal("1 0 0", await Health(pair.Second));
        Assert.Equal(1, await ClusterPair.Metric(pair.First, "elanus_cluster_role"));
        Assert.Equal(0, await ClusterPair.Metric(pair.Second, "elanus_cluster_role"));
        Assert.Equal(2, await ClusterPair.Metric(pair.Second, "elanus_cluster_in_sync"));
        Assert.Equal(0, await ClusterPair.Metric(pair.Second, "elanus_cluster_lag_records"));

        var started = Stopwatch.StartNew();
        while (!pair.Second.Output.Contains("is in STANDBY", StringComparison.Ordinal))
        {
            Assert.True(started.Elapsed < StandbyLineMax, pair.Second.Output);
            await Task.Delay(50);
        }

        // The standby goes: the active says that it is alone, wherever one looks.
        await pair.Second.Stop();
        await using (var load = survivors.Write(pair.First))
        {
            await load.More(20);
        }

        var alone = await ClusterPair.Until(pair.First, status => status.GetProperty("alone_in_set").GetBoolean());
        Assert.Contains(alone.GetProperty("warnings").EnumerateArray(), warning => warning.GetString()!.Contains("alone in its in-sync set", StringComparison.Ordinal));
        Assert.Equal(1, await ClusterPair.Metric(pair.First, "elanus_cluster_alone"));
        Assert.Contains("alone in its in-sync set", pair.First.Output, StringComparison.Ordinal);
    }

    [Fact]
    public Task A_standby_that_passes_nothing_on_names_the_active() => ClusterPair.Undisturbed(NamingTheActive, ("CLUSTER_FORWARDING", "false"));

    private static async Task NamingTheActive(ClusterPair pair)
    {
        using var channel = Survivors.Open(pair.Second);
        var service = ServiceReflection.Descriptor.Services.Single(s => s.Name == "MilvusService");
        var refused = await channel.Call(new RpcMethod<ListDatabasesRequest, ListDatabasesResponse>(service, "ListDatabases"), new(), CancellationToken.None);
        Assert.False(refused.TryGet(out _, out var why));
        Assert.Equal(RpcStatusCode.Unavailable, why.Code);
        Assert.Contains(pair.First.Address, why.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Commands_reach_nodes_over_TLS_by_flags_or_by_their_configuration()
    {
        var folder = Directory.CreateTempSubdirectory("elanus-tls-").FullName;
        try
        {
            Certificates.Write(folder);
            string Named(string name) => Path.Combine(folder, name);
            await using var pair = await ClusterPair.Start(
                ("COMMON_SECURITY_TLSMODE", "2"), ("TLS_SERVERPEMPATH", Named("server.pem")), ("TLS_SERVERKEYPATH", Named("server.key")), ("TLS_CAPEMPATH", Named("ca.pem")));
            string[] flags = ["--ca", Named("ca.pem"), "--cert", Named("client.pem"), "--key", Named("client.key")];
            await pair.Whole(flags);
            Assert.Equal(0, (await CommandRun.Of(["healthz", "--address", pair.Second.Address, "--role", "standby", "--timeout", "20000", .. flags])).Code);
            Assert.Equal(2, (await CommandRun.Of("healthz", "--address", pair.Second.Address, "--timeout", "20000")).Code);
            Assert.Equal(2, (await CommandRun.Of("healthz", "--address", pair.Second.Address, "--timeout", "20000", "--ca", Named("ca.pem"))).Code);

            // The standby passes a call on to the active, both over TLS; and the roles change.
            var moved = await CommandRun.Of(["switchover", "--address", pair.First.Address, "--data", Path.Combine(pair.Folder, "first", "data"), .. flags]);
            Assert.True(moved.Code == 0, moved.Errors);
            await ClusterPair.Until(pair.Second, status => status.GetProperty("role").GetString() == "active", flags);
            var backup = await CommandRun.Of(["backup", "--address", pair.Second.Address, Path.Combine(pair.Folder, "backup"), .. flags]);
            Assert.True(backup.Code == 0, backup.Errors);
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    private static async Task Components(ClusterPair pair)
    {
        foreach (var (node, code) in new[] { (pair.First, StateCode.Healthy), (pair.Second, StateCode.StandBy) })
        {
            using var channel = Survivors.Open(node);
            var states = await Survivors.Call<GetComponentStatesRequest, ComponentStates>(channel, "GetComponentStates", new());
            Assert.Equal(code, states!.State.StateCode);
            var health = await Survivors.Call<CheckHealthRequest, CheckHealthResponse>(channel, "CheckHealth", new());
            Assert.True(health!.IsHealthy);
        }
    }

    private static async Task<string> Health(ServerProcess node)
    {
        var codes = new List<int>();
        foreach (var role in new[] { "active", "standby", "any" })
        {
            codes.Add((await CommandRun.Of("healthz", "--timeout", "20000", "--address", node.Address, "--role", role)).Code);
        }

        return string.Join(' ', codes);
    }
}
