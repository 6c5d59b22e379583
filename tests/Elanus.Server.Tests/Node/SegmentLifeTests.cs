using Elanus.Coordination;
using Elanus.Primitives;
using Elanus.Roles;

namespace Elanus.Server.Tests;

/// <summary>Flush, publication, compaction and deletion of files in a whole node, across restarts.</summary>
public sealed class SegmentLifeTests
{
    private const string Segments = "/data/segments";
    private const int CheckpointBytes = 32 << 10;
    private const int RoomForACheckpoint = 24 << 10;

    [Fact]
    public async Task Flushed_rows_become_a_file_that_a_restart_reads()
    {
        await using var world = await NodeWorld.Start();
        var collection = await world.Collection("books");
        _ = (await world.Proxy.Writes.Insert(NodeWorld.Rows("books", 1, 2, 3), default)).Value;
        _ = (await world.Proxy.Data.Flush(NodeWorld.Database, "books", default)).Value;
        await Until(() => world.Node.Roles.State.Find(collection.Id)!.Statistics().Segments.All(s => s is { IsPublished: true, IsMapped: true }));
        Assert.Single(await Files(world));
        await world.Kill();
        Assert.Equal(new long[] { 1, 2, 3 }, await world.Ids("books"));
        await Until(() => world.Node.Roles.State.Find(collection.Id)!.Statistics().Segments.All(s => s is { IsPublished: true, IsMapped: true }));
        Assert.Single(await Files(world));
    }

    [Fact]
    public async Task A_compaction_that_is_asked_for_merges_drops_and_says_so()
    {
        await using var world = await NodeWorld.Start();
        var collection = await world.Collection("books");
        for (var i = 0; i < 3; i++)
        {
            _ = (await world.Proxy.Writes.Insert(NodeWorld.Rows("books", i * 10, (i * 10) + 1), default)).Value;
            _ = (await world.Proxy.Data.Flush(NodeWorld.Database, "books", default)).Value;
        }

        _ = (await world.Proxy.Writes.Delete(new() { Database = NodeWorld.Database, Collection = "books", Filter = "id in [10, 21]" }, default)).Value;
        var asked = (await world.Proxy.Data.Compact(collection, default)).Value;
        Assert.Equal(1, asked.Plans);
        await Until(() => world.Proxy.Data.Compaction(asked.Id)!.Value.All(p => p.State == CompactionPlanState.Completed));
        var plan = Assert.Single(world.Proxy.Data.Compaction(asked.Id)!.Value);
        var segment = Assert.Single(world.Node.Roles.State.Find(collection.Id)!.Statistics().Segments);
        Assert.Equal((plan.Output, 3, 4, 4), (segment.Id, plan.Inputs.Length, segment.Rows, segment.LiveRows));
        Assert.Equal(new long[] { 0, 1, 11, 20 }, await world.Ids("books"));
        await Until(() => Files(world).Result.Count == 1);
        await world.Kill();
        Assert.Equal(new long[] { 0, 1, 11, 20 }, await world.Ids("books"));
        await world.Restart();
        Assert.Equal(new long[] { 0, 1, 11, 20 }, await world.Ids("books"));
        await Until(() => Files(world).Result.Count == 1);
    }

    [Fact]
    public async Task Dead_rows_that_are_too_many_to_be_merged_at_once_go_and_hold_up_no_other_collection()
    {
        // 150 keys are 1,200 bytes: nine segments together are more than a column may be, while what survives of them is little.
        await using var world = await NodeWorld.Start(new() { DataPath = "/data", Log = new() { SegmentBytes = 1 << 20 }, Engine = new() { SegmentBytesMax = 8_000 } });
        var books = await Segments("books", 9, 150);
        var others = await Segments("others", 4, 1);
        _ = (await world.Proxy.Writes.Delete(new() { Database = NodeWorld.Database, Collection = "books", Filter = "id % 75 != 0" }, default)).Value;
        await Until(() => Standing(books).All(s => s.LiveRows == s.Rows) && Standing(others).Length == 1);
        Assert.Equal(Enumerable.Range(0, 18).Select(i => i * 75L), await world.Ids("books"));
        Assert.Equal(new long[] { 0, 1, 2, 3 }, await world.Ids("others"));

        async Task<CollectionId> Segments(string name, int count, int rows)
        {
            var collection = await world.Collection(name);
            for (var i = 0; i < count; i++)
            {
                _ = (await world.Proxy.Writes.Insert(NodeWorld.Rows(name, [.. Enumerable.Range(i * rows, rows).Select(id => (long)id)]), default)).Value;
                _ = (await world.Proxy.Data.Flush(NodeWorld.Database, name, default)).Value;
            }

            return collection.Id;
        }

        Elanus.Engine.SegmentStatistics[] Standing(CollectionId collection) => [.. world.Node.Roles.State.Find(collection)!.Statistics().Segments];
    }

    [Fact]
    public async Task Files_of_a_dropped_collection_go()
    {
        await using var world = await NodeWorld.Start();
        _ = await world.Collection("books");
        _ = (await world.Proxy.Writes.Insert(NodeWorld.Rows("books", 1, 2, 3), default)).Value;
        _ = (await world.Proxy.Data.Flush(NodeWorld.Database, "books", default)).Value;
        await Until(() => Files(world).Result.Count == 1);
        _ = (await world.Proxy.Collections.Drop(NodeWorld.Database, "books", default)).Value;
        await Until(() => Files(world).Result.Count == 0);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Files_that_checkpoints_alone_need_go_without_another_write(bool isFull)
    {
        await using var world = await Pinned(["books"]);
        if (isFull)
        {
            world.Files.Faults.CapacityBytes = world.Files.UsedBytes + RoomForACheckpoint;
        }

        _ = (await world.Proxy.Collections.Drop(NodeWorld.Database, "books", default)).Value;
        await Until(() => Files(world).Result.Count == 0);
        Assert.Equal(2, (await world.Files.ListAsync("/data/checkpoints", default))!.Count);
    }

    [Fact]
    public async Task A_checkpoint_for_which_there_is_no_room_is_not_tried_for_every_record()
    {
        await using var world = await Pinned(["books", "others"]);
        var failed = 0;
        world.Node.Roles.Checkpoints.Failed += _ => Interlocked.Increment(ref failed);
        world.Files.Faults.CapacityBytes = world.Files.UsedBytes;
        _ = (await world.Proxy.Collections.Drop(NodeWorld.Database, "books", default)).Value;
        await Until(() => Volatile.Read(ref failed) > 0);
        for (var i = 0; i < 3; i++)
        {
            Assert.True((await world.Proxy.Writes.Delete(new() { Database = NodeWorld.Database, Collection = "others", Filter = $"id == {i}" }, default)).Succeeded);
        }

        Assert.InRange(Volatile.Read(ref failed), 1, 2);
        Assert.Equal(2, (await Files(world)).Count);

        // What is dropped besides makes it due again.
        world.Files.Faults.CapacityBytes = long.MaxValue;
        _ = (await world.Proxy.Collections.Drop(NodeWorld.Database, "others", default)).Value;
        await Until(() => Files(world).Result.Count == 0);
    }

    [Fact]
    public async Task A_standby_that_is_started_again_lets_the_files_go_that_it_kept_for_an_older_checkpoint()
    {
        var hub = new PeerHub();
        var arbiter = new InProcessStore(TimeProvider.System);
        await using var first = new ClusterNode("active", hub, arbiter) { CheckpointBytes = 64 << 20, LogSegmentBytes = 4 << 20 };
        await first.Start();
        await ClusterNode.Until(() => first.Node.Active.IsCompletedSuccessfully, () => "no active");
        _ = (await first.Proxy.Collections.Create(NodeWorld.Database, NodeWorld.Draft("books"), default)).Value;
        await using var second = new ClusterNode("second", hub, arbiter) { CheckpointBytes = 64 << 20, LogSegmentBytes = 4 << 20 };
        await second.Start();
        await ClusterNode.Until(() => first.State.InSync.Length == 2, () => "it does not join");
        _ = (await first.Proxy.Writes.Insert(NodeWorld.Rows("books", 1, 2, 3), default)).Value;
        _ = (await first.Proxy.Data.Flush(NodeWorld.Database, "books", default)).Value;
        await Until(() => Kept(second) == 1 && second.Node.Roles.State.Collections.Single().Statistics().Segments is [{ IsMapped: true, IsPublished: true }]);
        Assert.True((await second.Node.Roles.Checkpoints.Take(default)).Succeeded);
        _ = (await first.Proxy.Collections.Drop(NodeWorld.Database, "books", default)).Value;
        await Until(() => Kept(first) == 0 && second.Node.Roles.Applied == first.Node.Committed);
        Assert.True((await second.Node.Roles.Checkpoints.Take(default)).Succeeded);
        await second.Stop();
        Assert.Equal(1, Kept(second));

        // The next life knows of no drop: it is before the checkpoint that it starts from.
        await second.Start();
        await ClusterNode.Until(() => first.State.InSync.Length == 2, () => "it does not join again");
        _ = (await first.Proxy.Collections.Create(NodeWorld.Database, NodeWorld.Draft("others"), default)).Value;
        await Until(() => second.Node.Roles.Applied == first.Node.Committed);
        Assert.True((await second.Node.Roles.Checkpoints.Take(default)).Succeeded);
        await Until(() => Kept(second) == 0);

        static int Kept(ClusterNode node) => node.Files.ListAsync($"/{node.Name}/segments", default).AsTask().GetAwaiter().GetResult()!.Count;
    }

    /// <summary>A node with one file a collection, each larger than what brings a checkpoint, and two checkpoints that name them.</summary>
    private static async Task<NodeWorld> Pinned(string[] collections)
    {
        var world = await NodeWorld.Start(new()
        {
            DataPath = "/data",
            Log = new() { SegmentBytes = 4 << 20 },
            Checkpoints = new() { LogBytesMin = CheckpointBytes, RecordBytesMin = 512 },
        });
        foreach (var name in collections)
        {
            var collection = await world.Collection(name);
            _ = (await world.Proxy.Writes.Insert(NodeWorld.Rows(name, [.. Enumerable.Range(0, 2000).Select(id => (long)id)]), default)).Value;
            _ = (await world.Proxy.Data.Flush(NodeWorld.Database, name, default)).Value;
            await Until(() => world.Node.Roles.State.Find(collection.Id)!.Statistics().Segments.All(s => s is { IsPublished: true, IsMapped: true }));
        }

        Assert.All(await Files(world), file => Assert.True(file.Length > CheckpointBytes));
        for (var i = 0; i < 2; i++)
        {
            Assert.True((await world.Proxy.Writes.Delete(new() { Database = NodeWorld.Database, Collection = collections[0], Filter = $"id == {i}" }, default)).Succeeded);
            await world.Checkpoint();
        }

        return world;
    }

    private static async Task<IReadOnlyList<FileEntry>> Files(NodeWorld world) => (await world.Files.ListAsync(Segments, default))!;

    private static async Task Until(Func<bool> condition)
    {
        var patience = TimeProvider.System.GetTimestamp();
        while (!condition())
        {
            Assert.True(TimeProvider.System.GetElapsedTime(patience) < TimeSpan.FromSeconds(30), "waited in vain");
            await Task.Delay(TimeSpan.FromMilliseconds(20), TimeProvider.System);
        }
    }
}
