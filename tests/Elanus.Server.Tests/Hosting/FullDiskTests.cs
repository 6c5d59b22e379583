using Elanus.Coordination;
using Elanus.Engine;
using Elanus.Log;
using Elanus.Milvus.Protocol;
using Elanus.Milvus.Protocol.Common;
using FileRetries = Elanus.Roles.FileRetries;

namespace Elanus.Server.Tests;

public sealed class FullDiskTests
{
    private const int QuotaExceeded = 9;

    [Fact]
    public async Task A_standby_whose_disk_is_full_takes_over_and_keeps_its_promise_when_there_is_room()
    {
        var hub = new PeerHub();
        var arbiter = new InProcessStore(TimeProvider.System);
        await using var first = new ClusterNode("active", hub, arbiter);
        await first.Start();
        await ClusterNode.Until(() => first.Node.Active.IsCompletedSuccessfully, () => "no active");
        Assert.True((await first.Proxy.Collections.Create(NodeWorld.Database, NodeWorld.Draft("c"), default)).Succeeded);
        await using var second = new ClusterNode("second", hub, arbiter);
        await second.Start();
        await ClusterNode.Until(() => first.State.InSync.Length == 2, () => "it does not join");
        Assert.True((await first.Proxy.Writes.Insert(NodeWorld.Rows("c", [1, 2, 3]), default)).Succeeded);
        second.Files.Faults.CapacityBytes = second.Files.UsedBytes;
        await first.Stop();
        await ClusterNode.Until(() => second.Node.Active.IsCompleted || second.Node.Death.IsCompleted, () => "it does not take over");
        Assert.False(second.Node.Death.IsCompleted, "it ended as it took over");
        await ClusterNode.Until(() => second.State.Sentences.Any(sentence => sentence.Contains("cannot be kept for now", StringComparison.Ordinal)), () => "it had room for its promise");
        Assert.False(second.Node.Death.IsCompleted);
        Assert.Equal(1ul, await Kept());
        second.Files.Faults.CapacityBytes = long.MaxValue;
        while (await Kept() != 2)
        {
            Assert.False(second.Node.Death.IsCompleted);
            await Task.Delay(TimeSpan.FromMilliseconds(10), TimeProvider.System);
        }

        Assert.True((await second.Proxy.Writes.Insert(NodeWorld.Rows("c", [4]), default)).Succeeded);

        async Task<ulong> Kept() => (await EpochPromise.LoadAsync(second.Files, "/second/log", default)).Epoch.Number;
    }

    [Fact]
    public async Task A_member_starts_on_a_full_disk_and_serves_reads()
    {
        await using var node = new ClusterNode("active", new PeerHub(), new InProcessStore(TimeProvider.System));
        await node.Start();
        await ClusterNode.Until(() => node.Node.Active.IsCompletedSuccessfully, () => "no active");
        Assert.True((await node.Proxy.Collections.Create(NodeWorld.Database, NodeWorld.Draft("c"), default)).Succeeded);
        _ = (await node.Proxy.Indexes.Create(NodeWorld.Database, "c", new("vec", "", [new("index_type", "FLAT"), new("metric_type", "L2")]), default)).Value;
        _ = (await node.Proxy.Loading.Load(NodeWorld.Database, "c", [], 1, [], default)).Value;
        Assert.True((await node.Proxy.Writes.Insert(NodeWorld.Rows("c", [1, 2, 3]), default)).Succeeded);
        node.Files.Faults.CapacityBytes = 0;
        for (var start = 0; start < 3; start++)
        {
            await node.Stop();
            await node.Start();
            await ClusterNode.Until(() => node.Node.Active.IsCompleted || node.Node.Death.IsCompleted, () => "it does not become active");
            Assert.False(node.Node.Death.IsCompleted, "it ended");
            var found = await node.Proxy.Queries.Query(
                new() { Database = NodeWorld.Database, Collection = "c", Filter = "id >= 0", OutputFields = ["count(*)"], Consistency = Roles.ConsistencyLevel.Strong }, default);
            Assert.Equal(3, found.Value.Rows.Find(found.Value.Fields[0].Id)!.As<long>()[0]);
        }

        node.Files.Faults.CapacityBytes = long.MaxValue;
        Assert.True((await node.Proxy.Writes.Insert(NodeWorld.Rows("c", [4]), default)).Succeeded);
    }

    [Fact]
    public async Task A_standby_writes_the_files_for_which_it_had_no_room_when_there_is_some()
    {
        var hub = new PeerHub();
        var arbiter = new InProcessStore(TimeProvider.System);
        await using var first = new ClusterNode("active", hub, arbiter) { LogSegmentBytes = 4 << 20 };
        await first.Start();
        await ClusterNode.Until(() => first.Node.Active.IsCompletedSuccessfully, () => "no active");
        var collection = (await first.Proxy.Collections.Create(NodeWorld.Database, NodeWorld.Draft("c"), default)).Value;
        await using var second = new ClusterNode("second", hub, arbiter) { LogSegmentBytes = 4 << 20, Time = new ShiftedTime { Quick = FileRetries.Period } };
        await second.Start();
        await ClusterNode.Until(() => first.State.InSync.Length == 2, () => "it does not join");
        Assert.True((await first.Proxy.Writes.Insert(NodeWorld.Rows("c", [1, 2, 3]), default)).Succeeded);
        second.Files.Faults.CapacityBytes = second.Files.UsedBytes;
        Assert.True((await first.Proxy.Data.Flush(NodeWorld.Database, "c", default)).Succeeded);
        await ClusterNode.Until(() => Segments().Any(segment => segment.FileFault is not null), () => "it had room for the file");
        second.Files.Faults.CapacityBytes = long.MaxValue;
        await ClusterNode.Until(() => Segments() is [{ IsMapped: true, FileFault: null }], () => "it never tries again");
        Assert.False(second.Node.Active.IsCompleted);

        IReadOnlyList<SegmentStatistics> Segments() => second.Node.Roles.State.Find(collection.Id)?.Statistics().Segments ?? [];
    }

    [Fact]
    public async Task Files_of_segments_leave_the_log_room_for_two_of_its_own()
    {
        const int LogBytes = 1 << 17;
        await using var world = await NodeWorld.Start(new() { DataPath = "/data", Log = new() { SegmentBytes = LogBytes } }, new ShiftedTime { Quick = FileRetries.Period });
        var collection = await world.Collection("c");
        Assert.True((await world.Proxy.Writes.Insert(NodeWorld.Rows("c", 1, 2, 3), default)).Succeeded);
        world.Files.Faults.CapacityBytes = world.Files.UsedBytes + (2 * LogBytes);
        Assert.True((await world.Proxy.Data.Flush(NodeWorld.Database, "c", default)).Succeeded);
        await ClusterNode.Until(() => Segments().Any(segment => segment.FileFault is not null), () => "it took the log's room for the file");
        world.Files.Faults.CapacityBytes += LogBytes;
        await ClusterNode.Until(() => Segments() is [{ IsMapped: true, FileFault: null }], () => "it never tries again");

        IReadOnlyList<SegmentStatistics> Segments() => world.Node.Roles.State.Find(collection.Id)!.Statistics().Segments;
    }

    [Fact]
    public async Task What_must_be_kept_before_it_is_cut_waits_for_room_and_half_of_it_takes_none()
    {
        const int RoomForAPromise = 600;
        var hub = new PeerHub();
        var arbiter = new InProcessStore(TimeProvider.System);
        await using var first = new ClusterNode("active", hub, arbiter) { LogSegmentBytes = 4 << 20 };
        await first.Start();
        await ClusterNode.Until(() => first.Node.Active.IsCompletedSuccessfully, () => "no active");
        Assert.True((await first.Proxy.Collections.Create(NodeWorld.Database, NodeWorld.Draft("c"), default)).Succeeded);
        await using var second = new ClusterNode("second", hub, arbiter) { LogSegmentBytes = 4 << 20 };
        await second.Start();
        await ClusterNode.Until(() => first.State.InSync.Length == 2, () => "it does not join");
        await second.Stop();
        var insert = first.Proxy.Writes.Insert(NodeWorld.Rows("c", [.. Enumerable.Range(1, 200).Select(id => (long)id)]), default);
        Assert.True((await insert).Succeeded);
        await first.Stop();
        await second.Start();
        await ClusterNode.Until(() => second.Node.Replica!.Force(default).GetAwaiter().GetResult() is null, () => "it is not forced");

        // It comes back, and hears of the force when its disk is full.
        hub.Loses = (_, _) => true;
        await first.Start();
        var used = first.Files.UsedBytes;
        first.Files.Faults.CapacityBytes = used + RoomForAPromise;
        hub.Loses = (_, _) => false;
        await ClusterNode.Until(
            () => first.State.Sentences.Any(sentence => sentence.Contains("must be kept before they are cut, and cannot be for now", StringComparison.Ordinal)),
            () => string.Join("; ", first.State.Sentences));
        await ClusterNode.Until(() => first.Files.UsedBytes <= used, () => $"{first.Files.UsedBytes - used} bytes are taken");
        Assert.False(first.Node.Death.IsCompleted);
        first.Files.Faults.CapacityBytes = long.MaxValue;
        await ClusterNode.Until(() => second.State.InSync.Length == 2, () => string.Join("; ", first.State.Sentences));
        await first.Stop();
        var kept = Assert.Single((await first.Files.ListAsync("/active/salvage", default))!);
        Assert.True(kept.Length > RoomForAPromise);
    }

    [Fact]
    public async Task A_full_disk_refuses_writes_while_reads_go_on_and_takes_them_again_when_there_is_room()
    {
        var time = new ShiftedTime();
        await using var world = await NodeWorld.Start(new() { DataPath = "/data", Log = new() { SegmentBytes = 1 << 17, LookForRoomMs = 20 } }, time);
        await world.Collection("c");
        var port = new ClientPort(world.Node);
        var written = new List<long>();
        await Insert(port, written, textLength: 90);

        world.Files.Faults.CapacityBytes = world.Files.UsedBytes;
        Status status;
        do
        {
            // The log's file has room left, at last only for the smallest record.
            status = await Insert(port, written, textLength: 90);
            status = status.Code == 0 ? status : await Insert(port, written, textLength: 1);
        }
        while (status.Code == 0);

        Assert.Equal((QuotaExceeded, ErrorCode.ForceDeny, false), (status.Code, status.ErrorCode, status.Retriable));
        Assert.StartsWith("quota exceeded[reason=disk quota exceeded", status.Reason, StringComparison.Ordinal);
        var health = await port.Call<CheckHealthResponse>("CheckHealth", new CheckHealthRequest());
        Assert.True(health.IsHealthy);
        Assert.Equal([QuotaState.DenyToWrite], health.QuotaStates);
        Assert.StartsWith("quota exceeded[reason=disk quota exceeded", Assert.Single(health.Reasons), StringComparison.Ordinal);

        // Long after the last timestamp that the log could reserve, reads of every level go on.
        time.Shift(TimeSpan.FromMinutes(1));
        foreach (var level in new[] { ConsistencyLevel.Strong, ConsistencyLevel.Bounded, ConsistencyLevel.Session, ConsistencyLevel.Eventually })
        {
            var reply = await port.Call<QueryResults>("Query", new QueryRequest { CollectionName = "c", Expr = "id >= 10", OutputFields = { "id" }, ConsistencyLevel = level });
            Assert.Equal("", reply.Status.Reason);
            Assert.Equal(written, reply.FieldsData.Single(f => f.FieldName == "id").Scalars.LongData.Data);
        }

        // A start on the full disk serves reads too, and another one.
        for (var start = 0; start < 3; start++)
        {
            await world.Kill();
            Assert.Equal(written, (await world.Ids("c")).Where(id => id >= 10));
        }

        port = new ClientPort(world.Node);
        Assert.Equal(QuotaExceeded, (await Insert(port, written, textLength: 90)).Code);
        world.Files.Faults.CapacityBytes = long.MaxValue;
        while ((await port.Call<CheckHealthResponse>("CheckHealth", new CheckHealthRequest())).QuotaStates.Count > 0)
        {
            await Task.Yield();
        }

        Assert.Equal(0, (await Insert(port, written, textLength: 90)).Code);
        Assert.Equal(written, (await world.Ids("c")).Where(id => id >= 10));
    }

    private static async Task<Status> Insert(ClientPort port, List<long> written, int textLength)
    {
        var id = 10 + written.Count;
        var reply = await port.Call<MutationResult>("Insert", InsertRequests.Row("c", id, new string((char)('a' + (id % 26)), textLength)));
        if (reply.Status.Code == 0)
        {
            written.Add(id);
        }

        return reply.Status;
    }
}
