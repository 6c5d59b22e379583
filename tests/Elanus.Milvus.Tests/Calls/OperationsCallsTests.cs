using System.Text;
using System.Text.Json;
using Elanus.Rpc;

namespace Elanus.Milvus.Tests.Calls;

/// <summary>The server itself, users, flushes, segments and compaction.</summary>
public sealed class OperationsCallsTests(Standalone node) : IClassFixture<Standalone>
{
    [Fact]
    public void A_client_learns_whom_it_talks_to()
    {
        var connected = node.Server.Connect(new(), Standalone.Scope);
        Standalone.Ok(connected.Status);
        Assert.True(connected.Identifier > 0);
        Assert.NotEqual(connected.Identifier, node.Server.Connect(new(), Standalone.Scope).Identifier);
        Assert.Equal("elanus-0.1.0", connected.ServerInfo.BuildTags);
        Assert.Matches(@"^v2\.6\.\d+$", ServerCalls.Version(new(), Standalone.Scope).Version);
    }

    [Fact]
    public void Health_shows_what_stands_in_the_way()
    {
        Assert.True(node.Server.Health(new(), Standalone.Scope) is { IsHealthy: true, Reasons.Count: 0, QuotaStates.Count: 0 });
        Assert.Equal(Protocol.Common.StateCode.Healthy, node.Server.States(new(), Standalone.Scope).State.StateCode);
        node.Health = ServerHealth.Ill("the log is gone");
        try
        {
            var sick = node.Server.Health(new(), Standalone.Scope);
            Assert.False(sick.IsHealthy);
            Assert.Equal(["the log is gone"], sick.Reasons);
            Assert.Empty(sick.QuotaStates);
            Assert.Equal(Protocol.Common.StateCode.Abnormal, node.Server.States(new(), Standalone.Scope).State.StateCode);
        }
        finally
        {
            node.Health = ServerHealth.Good;
        }
    }

    [Fact]
    public async Task The_default_resource_group_has_this_node_and_what_is_loaded()
    {
        var name = await node.Collection();
        var calls = new ResourceGroupCalls(node.Proxy, node.Identity);
        Assert.Equal(["__default_resource_group"], ResourceGroupCalls.List(new(), Standalone.Scope).ResourceGroups);
        var group = calls.Describe(new() { ResourceGroup = "__default_resource_group" }, Standalone.Scope).ResourceGroup;
        Assert.Equal((1, 1, 1), (group.Capacity, group.NumAvailableNode, group.NumLoadedReplica[name]));
        Assert.Equal("127.0.0.1:19530", Assert.Single(group.Nodes).Address);
        Standalone.Refused(300, "resource group not found[rg=kites]", calls.Describe(new() { ResourceGroup = "kites" }, Standalone.Scope).Status);
    }

    [Fact]
    public async Task Users_are_selected_by_root_all_and_by_themselves_alone()
    {
        var calls = new UserCalls(node.Proxy);
        var name = node.Name("u");
        Assert.True((await node.Proxy.Users.Create(name, "password", CancellationToken.None)).Succeeded);
        Assert.Equal(["root", name], (await Select("", "root")).Results.Select(r => r.User.Name).Where(n => n == "root" || n == name));
        Assert.Equal(name, Assert.Single((await Select(name, name)).Results).User.Name);
        Assert.Empty((await Select("nobody", "root")).Results);
        Assert.False((await calls.Select(new() { User = new() { Name = "root" } }, new() { User = name })).TryGet(out _, out var refused));
        Assert.Equal(RpcStatusCode.PermissionDenied, refused.Code);
        Assert.True((await UserCalls.SelectRoles(new(), Standalone.Scope)).TryGet(out var roles, out _));
        Assert.Empty(roles!.Results);

        async Task<Protocol.SelectUserResponse> Select(string asked, string by)
        {
            Assert.True((await calls.Select(asked.Length > 0 ? new() { User = new() { Name = asked } } : new(), new() { User = by })).TryGet(out var reply, out _));
            Standalone.Ok(reply!.Status);
            return reply;
        }
    }

    [Fact]
    public void Timestamps_rise()
    {
        var first = node.Server.Timestamp(new(), Standalone.Scope).Timestamp;
        Assert.True(node.Server.Timestamp(new(), Standalone.Scope).Timestamp > first);
    }

    [Fact]
    public void System_information_is_the_document_that_tools_draw()
    {
        var reply = node.Server.Metrics(new() { Request = """{"metric_type":"system_info"}""" }, Standalone.Scope);
        Standalone.Ok(reply.Status);
        using var document = JsonDocument.Parse(reply.Response);
        var infos = document.RootElement.GetProperty("nodes_info")[0].GetProperty("infos");
        Assert.Equal("STANDALONE", infos.GetProperty("system_info").GetProperty("deploy_mode").GetString());
        Assert.True(infos.GetProperty("hardware_infos").GetProperty("memory").GetInt64() > 0);
        Assert.True(infos.GetProperty("id").GetInt64() >= 0, "the protocol's ids are signed");

        Standalone.Refused(1200, "metric not found[metric=weather]", node.Server.Metrics(new() { Request = """{"metric_type":"weather"}""" }, Standalone.Scope).Status);
        Standalone.Refused(1100, "not valid JSON", node.Server.Metrics(new() { Request = "{" }, Standalone.Scope).Status);
        Standalone.Refused(1100, "metric_type not found", node.Server.Metrics(new() { Request = "[]" }, Standalone.Scope).Status);
    }

    [Fact]
    public void A_probe_without_a_status_claims_nothing() =>
        Assert.Contains("fail", ServerCalls.Dummy(new() { RequestType = """{"request_type":"query"}""" }, Standalone.Scope).Response, StringComparison.Ordinal);

    [Fact]
    public async Task Users_live_with_encoded_passwords()
    {
        var calls = new UserCalls(node.Proxy);
        Standalone.Ok((await calls.Create(new() { Username = "ann", Password = Encoded("secret-1") }, Standalone.Scope)).Value);
        Assert.Contains("ann", (await calls.List(new(), Standalone.Scope)).Value.Usernames);
        Assert.True((await node.Proxy.Users.Verify("ann", "secret-1", CancellationToken.None)).Value);
        Standalone.Refused(1400, "old password not correct for ann", (await calls.Update(new() { Username = "ann", OldPassword = Encoded("wrong-1"), NewPassword = Encoded("secret-2") }, Standalone.Scope)).Value);
        Standalone.Ok((await calls.Update(new() { Username = "ann", OldPassword = Encoded("secret-1"), NewPassword = Encoded("secret-2") }, Standalone.Scope)).Value);
        Assert.True((await node.Proxy.Users.Verify("ann", "secret-2", CancellationToken.None)).Value);
        Standalone.Refused(1100, "base64", (await calls.Create(new() { Username = "bob", Password = "not base64!" }, Standalone.Scope)).Value);
        Standalone.Ok((await calls.Delete(new() { Username = "ann" }, Standalone.Scope)).Value);
        Assert.False((await node.Proxy.Users.Verify("ann", "secret-2", CancellationToken.None)).Value);
    }

    [Fact]
    public async Task Only_root_manages_users_and_everyone_the_own_password()
    {
        var calls = new UserCalls(node.Proxy);
        var (root, eve) = (Standalone.Scope with { User = "root" }, Standalone.Scope with { User = "eve" });
        Standalone.Ok((await calls.Create(new() { Username = "eve", Password = Encoded("secret-1") }, root)).Value);

        var refused = await calls.Create(new() { Username = "mallory", Password = Encoded("secret-1") }, eve);
        Assert.Equal((RpcStatusCode.PermissionDenied, "PrivilegeCreateOwnership: permission deny to eve in the `default` database"), (refused.Status.Code, refused.Status.Message));
        Assert.Equal(RpcStatusCode.PermissionDenied, (await calls.Delete(new() { Username = "root" }, eve)).Status.Code);
        Assert.Equal(RpcStatusCode.PermissionDenied, (await calls.List(new(), eve)).Status.Code);
        Assert.Equal(RpcStatusCode.PermissionDenied, (await calls.Update(new() { Username = "root" }, eve)).Status.Code);
        Standalone.Ok((await calls.Update(new() { Username = "eve", OldPassword = Encoded("secret-1"), NewPassword = Encoded("secret-9") }, eve)).Value);
        Assert.True((await node.Proxy.Users.Verify("eve", "secret-9", CancellationToken.None)).Value);
    }

    [Fact]
    public async Task A_flush_seals_and_says_so()
    {
        var flushes = new FlushCalls(node.Proxy, TimeProvider.System);
        var segments = new SegmentCalls(node.Proxy, node.Identity);
        var name = await node.Collection();
        var written = await node.Insert(name, [1, 2, 3]);

        var growing = Assert.Single((await segments.Persistent(new() { CollectionName = name }, Standalone.Scope)).Infos);
        Assert.Equal((3L, Protocol.Common.SegmentState.Growing), (growing.NumRows, growing.State));
        Assert.False((await flushes.State(new() { CollectionName = name, SegmentIDs = { growing.SegmentID } }, Standalone.Scope)).Flushed);
        Assert.False((await flushes.State(new() { SegmentIDs = { growing.SegmentID } }, Standalone.Scope)).Flushed);

        var flushed = await flushes.Flush(new() { CollectionNames = { name } }, Standalone.Scope);
        Standalone.Ok(flushed.Status);
        Assert.Equal([growing.SegmentID], flushed.CollSegIDs[name].Data);
        Assert.Empty(flushed.FlushCollSegIDs[name].Data);
        Assert.True(flushed.CollFlushTs[name] > written.Timestamp);
        Assert.True((await flushes.State(new() { SegmentIDs = { growing.SegmentID }, FlushTs = flushed.CollFlushTs[name], CollectionName = name }, Standalone.Scope)).Flushed);
        Assert.Equal(Protocol.Common.SegmentState.Flushed, Assert.Single((await segments.Persistent(new() { CollectionName = name }, Standalone.Scope)).Infos).State);
        Assert.Equal([growing.SegmentID], (await flushes.Flush(new() { CollectionNames = { name } }, Standalone.Scope)).FlushCollSegIDs[name].Data);
        Standalone.Refused(100, "collection not found", (await flushes.Flush(new() { CollectionNames = { "nowhere" } }, Standalone.Scope)).Status);
    }

    [Fact]
    public async Task A_timestamp_is_flushed_once_every_row_up_to_it_is_sealed()
    {
        var flushes = new FlushCalls(node.Proxy, TimeProvider.System);
        var name = await node.Collection();
        var first = await node.Insert(name, [1]);
        Assert.False(await IsFlushed(first.Timestamp));
        Assert.True(await IsFlushed(first.Timestamp - 1));
        Assert.False((await flushes.AllState(new() { FlushAllTs = first.Timestamp }, Standalone.Scope)).Flushed);

        await flushes.Flush(new() { CollectionNames = { name } }, Standalone.Scope);
        var second = await node.Insert(name, [2]);
        Assert.True(await IsFlushed(first.Timestamp));
        Assert.False(await IsFlushed(second.Timestamp));
        Assert.False(await IsFlushed(ulong.MaxValue));

        async Task<bool> IsFlushed(ulong timestamp)
        {
            var reply = await flushes.State(new() { CollectionName = name, FlushTs = timestamp }, Standalone.Scope);
            Standalone.Ok(reply.Status);
            return reply.Flushed;
        }
    }

    [Fact]
    public async Task Flush_all_seals_everything()
    {
        var flushes = new FlushCalls(node.Proxy, TimeProvider.System);
        var name = await node.Collection();
        await node.Insert(name, [1]);
        var all = await flushes.FlushAll(new(), Standalone.Scope);
        Standalone.Ok(all.Status);
        Assert.Contains(all.FlushResults.Single(r => r.DbName == "default").CollectionResults, c => c.CollectionName == name && c.SegmentIds.Data.Count == 1);
        Assert.True((await flushes.AllState(new() { FlushAllTs = all.FlushAllTs }, Standalone.Scope)).Flushed);
        Assert.False((await flushes.AllState(new() { FlushAllTs = ulong.MaxValue }, Standalone.Scope)).Flushed);
        Standalone.Refused(800, "database not found", (await flushes.FlushAll(new() { DbName = "nowhere" }, Standalone.Scope)).Status);
    }

    [Fact]
    public async Task Rows_segments_and_replicas_are_shown()
    {
        var segments = new SegmentCalls(node.Proxy, node.Identity);
        var name = await node.Collection();
        await node.Insert(name, [1, 2]);

        Assert.Equal("2", Assert.Single((await segments.OfCollection(new() { CollectionName = name }, Standalone.Scope)).Stats, s => s.Key == "row_count").Value);
        Assert.Equal("2", Assert.Single((await segments.OfPartition(new() { CollectionName = name, PartitionName = "_default" }, Standalone.Scope)).Stats).Value);
        Standalone.Refused(200, "[partition=q]", (await segments.OfPartition(new() { CollectionName = name, PartitionName = "q" }, Standalone.Scope)).Status);
        var loaded = Assert.Single((await segments.Loaded(new() { CollectionName = name }, Standalone.Scope)).Infos);
        Assert.Equal((2L, node.Identity.ProtocolNodeId), (loaded.NumRows, Assert.Single(loaded.NodeIds)));
        var replica = Assert.Single(segments.Replicas(new() { CollectionName = name, WithShardNodes = true }, Standalone.Scope).Replicas);
        Assert.Equal("127.0.0.1:19530", Assert.Single(replica.ShardReplicas).LeaderAddr);
        Assert.Single(replica.PartitionIds);

        Standalone.Ok(await node.Loads.ReleaseCollection(new() { CollectionName = name }, Standalone.Scope));
        Assert.Empty(segments.Replicas(new() { CollectionName = name }, Standalone.Scope).Replicas);
        Standalone.Refused(101, "collection not loaded", (await segments.Loaded(new() { CollectionName = name }, Standalone.Scope)).Status);
    }

    [Fact]
    public async Task A_truncated_collection_is_empty_and_lives_on()
    {
        var name = await node.Collection();
        await node.Insert(name, [1, 2]);
        Standalone.Ok((await node.Collections.Truncate(new() { CollectionName = name }, Standalone.Scope)).Status);
        await node.Insert(name, [5]);
        Assert.Equal("1", (await new SegmentCalls(node.Proxy, node.Identity).OfCollection(new() { CollectionName = name }, Standalone.Scope)).Stats[0].Value);
    }

    [Fact]
    public async Task A_compaction_plans_nothing_and_says_so()
    {
        var calls = new CompactionCalls(node.Proxy);
        var name = await node.Collection();
        var asked = await calls.Compact(new() { CollectionName = name }, Standalone.Scope);
        Standalone.Ok(asked.Status);
        Assert.Equal(0, asked.CompactionPlanCount);
        Assert.Equal(Protocol.Common.CompactionState.Completed, calls.State(new() { CompactionID = asked.CompactionID }, Standalone.Scope).State);
        Assert.Empty(calls.Plans(new() { CompactionID = asked.CompactionID }, Standalone.Scope).MergeInfos);
        Standalone.Refused(10, "clustering compaction", (await calls.Compact(new() { CollectionName = name, MajorCompaction = true }, Standalone.Scope)).Status);
        Standalone.Refused(100, "collection not found", (await calls.Compact(new() { CollectionName = "nowhere" }, Standalone.Scope)).Status);
    }

    private static string Encoded(string password) => Convert.ToBase64String(Encoding.UTF8.GetBytes(password));
}
