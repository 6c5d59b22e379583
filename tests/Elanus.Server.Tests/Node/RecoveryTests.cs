using Elanus.Primitives;
using Elanus.Roles;

namespace Elanus.Server.Tests;

/// <summary>Starts from checkpoints, whole and damaged, and the log behind them.</summary>
public sealed class RecoveryTests
{
    private const string Checkpoints = "/data/checkpoints";

    [Fact]
    public async Task A_start_after_an_orderly_stop_reads_the_checkpoint_and_next_to_no_log()
    {
        await using var world = await Filled();
        var hash = world.Node.Roles.Hash();
        var metadata = world.Node.Roles.Metadata.Current;
        await world.Restart();
        Assert.NotNull(world.Node.Recovered.From);
        Assert.Empty(world.Node.Recovered.Refused);
        Assert.Equal(hash, world.Node.Roles.Hash());
        Assert.Equal(new long[] { 1, 3 }, await world.Ids("other"));
        Assert.Equal(metadata.Root.IdCeiling, world.Node.Roles.Metadata.Current.Root.IdCeiling);
        Assert.Equal(metadata.Root.Users.Keys, world.Node.Roles.Metadata.Current.Root.Users.Keys);
        Assert.Equal(metadata.Loads.Loads.Keys, world.Node.Roles.Metadata.Current.Loads.Loads.Keys);
        Assert.Equal(metadata.Indexes.Indexes.Keys, world.Node.Roles.Metadata.Current.Indexes.Indexes.Keys);
    }

    [Fact]
    public async Task What_follows_a_checkpoint_comes_from_the_log()
    {
        await using var world = await Filled();
        await world.Restart();
        var from = world.Node.Recovered.From;
        Assert.True((await world.Proxy.Writes.Insert(NodeWorld.Rows("c", 10, 11), default)).Succeeded);
        await world.Proxy.Writes.Delete(new() { Database = NodeWorld.Database, Collection = "c", Filter = "id == 1" }, default);
        await world.Kill();
        Assert.Equal(from, world.Node.Recovered.From);
        Assert.Equal(new long[] { 3, 10, 11 }, await world.Ids("c"));
    }

    [Fact]
    public async Task Two_checkpoints_stay_and_the_log_before_them_goes()
    {
        await using var world = await Filled(32 << 10, new() { LogBytesMin = 64 << 10, RecordBytesMin = 512 });
        var expected = new List<long> { 1, 3 };
        var taken = 0;
        world.Node.Roles.Checkpoints.Taken += (_, _) => taken++;
        for (var id = 100L; taken < 2; id++)
        {
            Assert.True((await world.Proxy.Writes.Insert(NodeWorld.Rows("c", id), default)).Succeeded);
            expected.Add(id);
        }

        await world.Restart();
        for (var begun = TimeProvider.System.GetTimestamp(); (await Names(world, Checkpoints)).Count != 2;)
        {
            // The new life takes one of its own, and for a moment there are three.
            Assert.True(TimeProvider.System.GetElapsedTime(begun) < TimeSpan.FromSeconds(30), "there are never two checkpoints");
            await Task.Delay(TimeSpan.FromMilliseconds(5), TimeProvider.System);
        }

        var log = await Names(world, "/data/log");
        Assert.DoesNotContain($"{1:D20}.log", log);
        Assert.Equal(expected, await world.Ids("c"));
    }

    [Fact]
    public async Task Many_small_records_bring_a_checkpoint_before_their_bytes_do()
    {
        await using var world = await Filled(checkpoints: new() { LogBytesMin = 64 << 10, RecordBytesMin = 4 << 10 });
        var taken = new TaskCompletionSource();
        world.Node.Roles.Checkpoints.Taken += (_, _) => taken.TrySetResult();
        for (var id = 100L; id < 116; id++)
        {
            Assert.True((await world.Proxy.Writes.Insert(NodeWorld.Rows("c", id), default)).Succeeded);
        }

        await taken.Task.WaitAsync(TimeSpan.FromSeconds(30), TimeProvider.System);
    }

    [Fact]
    public async Task A_large_checkpoint_is_due_as_far_behind_a_start_as_behind_another()
    {
        const int RecordBytes = 512;
        await using var world = await Filled(checkpoints: new() { LogBytesMin = 1 << 10, RecordBytesMin = RecordBytes });
        for (var id = 100L; id < 200; id++)
        {
            Assert.True((await world.Proxy.Writes.Insert(NodeWorld.Rows("c", id), default)).Succeeded);
        }

        await world.Restart();
        var last = (await world.Files.ListAsync(Checkpoints, default))!.Max(file => file.Length);
        var taken = 0;
        world.Node.Roles.Checkpoints.Taken += (_, _) => taken++;
        var records = 0;
        for (; taken == 0; records++)
        {
            Assert.True((await world.Proxy.Writes.Insert(NodeWorld.Rows("c", 1_000 + records), default)).Succeeded);
        }

        // The start itself writes a few.
        Assert.True(records + 8 >= last / RecordBytes, $"a checkpoint of {last} bytes was followed by another after {records} records");
    }

    [Fact]
    public async Task A_damaged_checkpoint_is_named_and_the_one_before_it_serves()
    {
        await using var world = await Filled();
        await world.Restart();
        Assert.True((await world.Proxy.Writes.Insert(NodeWorld.Rows("c", 10), default)).Succeeded);
        await world.Restart();
        var hash = world.Node.Roles.Hash();
        await world.Node.DisposeAsync();
        var names = await Names(world, Checkpoints);
        await Damage(world, names[^1]);
        await world.Kill();
        Assert.Equal(names[0], world.Node.Recovered.From.ToString());
        Assert.Contains(names[^1], Assert.Single(world.Node.Recovered.Refused), StringComparison.Ordinal);
        Assert.Contains("at offset", world.Node.Recovered.Refused[0], StringComparison.Ordinal);
        Assert.Equal(hash, world.Node.Roles.Hash());
        Assert.Equal(new long[] { 1, 3, 10 }, await world.Ids("c"));

        // The next one takes the damaged one's place.
        Assert.True((await world.Proxy.Writes.Insert(NodeWorld.Rows("c", 11), default)).Succeeded);
        await world.Restart();
        Assert.DoesNotContain(names[^1], await Names(world, Checkpoints));
        Assert.Equal(new long[] { 1, 3, 10, 11 }, await world.Ids("c"));
    }

    [Fact]
    public async Task With_every_checkpoint_damaged_and_the_log_cut_the_start_is_refused_with_what_to_do()
    {
        await using var world = await Filled(4 << 10);
        for (var i = 0; i < 3; i++)
        {
            await world.Restart();
            Assert.True((await world.Proxy.Writes.Insert(NodeWorld.Rows("c", [.. Enumerable.Range(10 + (i * 200), 200).Select(id => (long)id)]), default)).Succeeded);
        }

        await world.Restart();
        await world.Node.DisposeAsync();
        foreach (var name in await Names(world, Checkpoints))
        {
            await Damage(world, name);
        }

        var refused = await world.TryOpen();
        Assert.False(refused.Succeeded);
        Assert.Contains("no checkpoint in /data/checkpoints leads up to it", refused.Failure.Sentence, StringComparison.Ordinal);
        Assert.Contains("elanus salvage", refused.Failure.Sentence, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_log_that_ends_before_its_checkpoint_is_refused()
    {
        await using var world = await Filled();
        for (var id = 10L; id < 40; id++)
        {
            Assert.True((await world.Proxy.Writes.Insert(NodeWorld.Rows("c", id), default)).Succeeded);
        }

        await world.Checkpoint();
        await world.Node.DisposeAsync();

        // The last records go as if they had never reached the disk.
        var name = (await Names(world, Checkpoints))[^1];
        var log = $"/data/log/{1:D20}.log";
        await using (var file = (await world.Files.OpenAsync(log, FileIntent.ReadWrite, default))!)
        {
            var bytes = new byte[await file.LengthAsync(default)];
            await file.ReadAsync(0, bytes, default);
            var end = bytes.AsSpan().LastIndexOfAnyExcept((byte)0) & -512;
            bytes.AsSpan(Math.Max(512, end - 8192)).Clear();
            Assert.True((await file.WriteDurablyAsync(0, [bytes], default)).Succeeded);
        }

        var refused = await world.TryOpen();
        Assert.False(refused.Succeeded);
        Assert.Contains("the disk lost the records between", refused.Failure.Sentence, StringComparison.Ordinal);
        Assert.Contains(name, refused.Failure.Sentence, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_full_disk_at_a_checkpoint_loses_nothing()
    {
        await using var world = await Filled();
        world.Files.Faults.CapacityBytes = world.Files.UsedBytes + 100;
        Assert.False((await world.Node.Close(default)).Succeeded);
        world.Files.Faults.CapacityBytes = long.MaxValue;
        await world.Kill();
        Assert.Null(world.Node.Recovered.From);
        Assert.Empty(await Names(world, Checkpoints));
        Assert.Equal(new long[] { 1, 3 }, await world.Ids("c"));
    }

    /// <summary>A collection with rows 1 and 3, a deleted one, an alias and a user.</summary>
    private static async Task<NodeWorld> Filled(int logFileBytes = 1 << 20, CheckpointOptions? checkpoints = null)
    {
        var world = await NodeWorld.Start(new() { DataPath = "/data", Log = new() { SegmentBytes = logFileBytes }, Checkpoints = checkpoints ?? new() });
        await world.Collection("c");
        Assert.True((await world.Proxy.Aliases.Create(NodeWorld.Database, "c", "other", default)).Succeeded);
        Assert.True((await world.Proxy.Writes.Insert(NodeWorld.Rows("c", 1, 2, 3), default)).Succeeded);
        Assert.True((await world.Proxy.Writes.Delete(new() { Database = NodeWorld.Database, Collection = "c", Filter = "id == 2" }, default)).Succeeded);
        return world;
    }

    private static async Task<List<string>> Names(NodeWorld world, string directory) =>
        [.. (await world.Files.ListAsync(directory, default))!.Select(entry => entry.Name).Where(name => name is not "log.head")];

    private static async Task Damage(NodeWorld world, string name)
    {
        await using var file = (await world.Files.OpenAsync($"{Checkpoints}/{name}", FileIntent.ReadWrite, default))!;
        var at = await file.LengthAsync(default) / 3;
        var bytes = new byte[1];
        await file.ReadAsync(at, bytes, default);
        bytes[0] ^= 0x10;
        Assert.True((await file.WriteDurablyAsync(at, [bytes], default)).Succeeded);
    }
}
