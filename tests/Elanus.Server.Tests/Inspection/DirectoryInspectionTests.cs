using Elanus.Primitives;

namespace Elanus.Server.Tests;

public sealed class DirectoryInspectionTests
{
    [Fact]
    public async Task A_whole_directory_is_reported_with_the_state_that_the_node_had()
    {
        await using var world = await Stopped();
        var before = await Listing(world);
        var report = (await Inspect(world)).Value;
        Assert.Empty(report.Faults);
        Assert.NotNull(report.Recovery);
        Assert.Equal(3, report.State!.Rows);
        Assert.Equal(1, report.State.Collections);
        Assert.Equal(2, report.Log.Chain.Fences.Length);
        Assert.Equal(before, await Listing(world));
        await world.Kill();
        Assert.Equal(world.Node.Roles.Hash(), report.State.Hash);
    }

    [Fact]
    public async Task The_hash_is_the_same_from_the_log_alone()
    {
        await using var world = await Stopped();
        var with = (await Inspect(world)).Value;
        foreach (var entry in (await world.Files.ListAsync("/data/checkpoints", default))!)
        {
            await world.Files.DeleteAsync($"/data/checkpoints/{entry.Name}", default);
        }

        var without = (await Inspect(world)).Value;
        Assert.Null(without.Recovery);
        Assert.Equal(with.State, without.State);
    }

    [Theory]
    [InlineData("checkpoints", 200)]
    [InlineData("log", 700)]
    public async Task Damage_is_named_by_file_and_offset(string folder, long offset)
    {
        await using var world = await Stopped();
        var name = (await world.Files.ListAsync($"/data/{folder}", default))!.First(entry => entry.Length > 1000).Name;
        await using (var file = (await world.Files.OpenAsync($"/data/{folder}/{name}", FileIntent.ReadWrite, default))!)
        {
            Assert.True((await file.WriteDurablyAsync(offset, [new byte[] { 0xEE }], default)).Succeeded);
        }

        var report = (await Inspect(world)).Value;
        Assert.Contains(report.Faults, fault => fault.Contains(name, StringComparison.Ordinal) && fault.Contains("offset", StringComparison.Ordinal));
        Assert.Contains(report.Files, file => file.Path.EndsWith(name, StringComparison.Ordinal) && file.Faults.Count > 0);
    }

    [Theory]
    [InlineData(true, 200)]
    [InlineData(true, 2)]
    [InlineData(false, 200)]
    [InlineData(false, 2)]
    public async Task A_damaged_segment_file_is_reported_with_the_rest_and_without_a_state(bool isInCheckpoint, long offset)
    {
        await using var world = await NodeWorld.Start();
        var collection = await world.Collection("c");
        Assert.True((await world.Proxy.Writes.Insert(NodeWorld.Rows("c", 1, 2), default)).Succeeded);
        await BackupWorld.Sealed(world, collection);
        if (isInCheckpoint)
        {
            await world.Restart();
        }

        for (var id = 3; id < 40; id++)
        {
            Assert.True((await world.Proxy.Writes.Insert(NodeWorld.Rows("c", id), default)).Succeeded);
        }

        await world.Node.DisposeAsync();
        var name = Assert.Single((await world.Files.ListAsync("/data/segments", default))!).Name;
        world.Files.FlipBit($"/data/segments/{name}", offset, 3);
        var report = (await Inspect(world)).Value;
        Assert.Contains(name, Assert.Single(report.Files, file => file.Faults.Count > 0).Path, StringComparison.Ordinal);
        Assert.All(report.Faults, fault => Assert.Contains(name, fault, StringComparison.Ordinal));
        Assert.NotEmpty(report.Faults);
        Assert.Null(report.State);
    }

    [Fact]
    public async Task A_directory_in_use_and_one_that_is_none_are_refused()
    {
        await using var world = await NodeWorld.Start();
        Assert.Contains("in use", (await Inspect(world)).Failure!.Sentence, StringComparison.Ordinal);
        await using var work = new PooledWork(1);
        Assert.Contains("is no data directory", (await DirectoryInspection.Run(world.Files, "/nowhere", work, _ => { }, default)).Failure!.Sentence, StringComparison.Ordinal);
    }

    /// <summary>Three rows, one of them behind the checkpoint, in two epochs.</summary>
    private static async Task<NodeWorld> Stopped()
    {
        var world = await NodeWorld.Start();
        await world.Collection("c");
        Assert.True((await world.Proxy.Writes.Insert(NodeWorld.Rows("c", 1, 2), default)).Succeeded);
        await world.Restart();
        Assert.True((await world.Proxy.Writes.Insert(NodeWorld.Rows("c", 3), default)).Succeeded);
        await world.Node.DisposeAsync();
        return world;
    }

    private static async Task<Result<DirectoryReport>> Inspect(NodeWorld world)
    {
        await using var work = new PooledWork(1);
        return await DirectoryInspection.Run(world.Files, "/data", work, _ => { }, default);
    }

    private static async Task<List<FileEntry>> Listing(NodeWorld world) =>
        [.. (await world.Files.ListAsync("/data/log", default))!, .. (await world.Files.ListAsync("/data/checkpoints", default))!];
}
