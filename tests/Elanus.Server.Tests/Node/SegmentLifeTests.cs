using Elanus.Primitives;
using Elanus.Roles;

namespace Elanus.Server.Tests;

/// <summary>Flush, publication, compaction and deletion of files in a whole node, across restarts.</summary>
public sealed class SegmentLifeTests
{
    private const string Segments = "/data/segments";

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
