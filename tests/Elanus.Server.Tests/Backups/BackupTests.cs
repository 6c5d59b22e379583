using Elanus.Log.Tests;
using Elanus.Primitives;
using Elanus.Roles;
using static Elanus.Server.Tests.BackupWorld;

namespace Elanus.Server.Tests;

public sealed class BackupTests
{
    [Fact]
    public async Task A_restore_to_any_time_since_the_checkpoint_has_exactly_the_rows_answered_before()
    {
        await using var world = await NodeWorld.Start();
        await world.Collection("c");
        var first = await Insert(world, 1);
        await world.Checkpoint();
        var times = new List<(Timestamp Time, long Id)>();
        for (var id = 2L; id < 12; id++)
        {
            times.Add((await Insert(world, id), id));
        }

        await Backup(world, "/backup");
        await Insert(world, 99);
        Assert.True((await Restore(world, "/backup", "/whole", null)).Succeeded);
        Assert.Equal(Enumerable.Range(1, 11).Select(id => (long)id), await Ids(world, "/whole"));
        for (var i = 0; i < times.Count; i += 3)
        {
            Assert.True((await Restore(world, "/backup", $"/restored{i}", times[i].Time)).Succeeded);
            Assert.Equal(Enumerable.Range(1, (int)times[i].Id).Select(id => (long)id), await Ids(world, $"/restored{i}"));
        }

        var missed = await Restore(world, "/backup", "/missed", new(first.Value - 1));
        Assert.Contains("the backup can be restored to any time from", missed.Failure!.Sentence, StringComparison.Ordinal);
        Assert.Contains($"(timestamp {(await Restoration.ReadManifest(world.Files, "/backup", default)).Value.End.Value})", missed.Failure.Sentence, StringComparison.Ordinal);
        Assert.Null(await world.Files.ListAsync("/missed", default));
    }

    [Fact]
    public async Task A_large_file_is_synced_while_it_is_restored()
    {
        const int Bytes = 5 * (int)IFile.UnsyncedBytesMax / 2;
        var files = new MemoryFileSystem();
        await using var work = new PooledWork(1);
        await using (var target = new BackupTarget(files, "/backup", work))
        {
            Assert.True((await target.Begin(default)).Succeeded);
            Assert.True((await target.Write($"log/{1:D20}.log", new byte[Bytes], default)).Succeeded);
            Assert.True((await target.End(new(BackupManifest.CurrentFormat, "1", 1, "", 0, Timestamp.Zero, 1, Timestamp.Zero, []), default)).Succeeded);
        }

        var counted = new CountingFileSystem(files, TimeProvider.System);
        var (syncs, syncedAt, most) = (0L, 0L, 0L);
        await Restoration.Run("/backup", "/restored", null, new(counted, TimeProvider.System, new SeededRandom(1), work), done =>
        {
            (syncs, syncedAt) = counted.Syncs > syncs ? (counted.Syncs, counted.BytesWritten) : (syncs, syncedAt);
            most = Math.Max(most, counted.BytesWritten - syncedAt);
        }, default);
        Assert.True(counted.BytesWritten > Bytes, $"{counted.BytesWritten} bytes were restored");
        Assert.InRange(most, 1, IFile.UnsyncedBytesMax);
    }

    [Fact]
    public async Task What_is_pinned_stays_while_the_node_goes_on()
    {
        await using var world = await NodeWorld.Start(new() { DataPath = "/data", Log = new() { SegmentBytes = 4 << 10 } });
        await world.Collection("c");
        await Insert(world, 1);
        await world.Checkpoint();
        await Insert(world, 2);
        using (var pinned = (await world.Node.PlanBackup(default)).Value)
        {
            for (var id = 3L; id < 60; id++)
            {
                await Insert(world, id);
                if (id % 10 == 0)
                {
                    await world.Checkpoint();
                }
            }

            Assert.True((await Copied(world, pinned.Plan, "/backup")).Succeeded);
        }

        Assert.True((await Restore(world, "/backup", "/restored", null)).Succeeded);
        Assert.Equal(new long[] { 1, 2 }, await Ids(world, "/restored"));

        // Let go, the log's front moves on.
        await Insert(world, 60);
        await world.Checkpoint();
        Assert.DoesNotContain((await world.Files.ListAsync("/data/log", default))!, entry => entry.Name == $"{1:D20}.log");
    }

    [Fact]
    public async Task A_backup_that_is_cancelled_while_it_is_planned_keeps_nothing()
    {
        await using var world = await NodeWorld.Start(new() { DataPath = "/data", Log = new() { SegmentBytes = 4 << 10 } });
        var tap = new TappedFileSystem(world.Files);
        world.Seen = tap;
        await world.Restart();
        await world.Collection("c");
        await Insert(world, 1);
        await world.Checkpoint();
        var pinned = world.Node.Committed.Next;
        var (syncing, held) = (new TaskCompletionSource(), new TaskCompletionSource());
        tap.BeforeSync = () =>
        {
            syncing.TrySetResult();
            return held.Task;
        };

        // The write's group is on its way, so the promise of the backup's end waits for it.
        var inserted = Insert(world, 2);
        await syncing.Task;
        using var stop = new CancellationTokenSource();
        var planning = world.Node.PlanBackup(stop.Token);
        Assert.False(planning.IsCompleted);
        await stop.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => planning);
        held.SetResult();
        await inserted;
        for (var id = 3L; id < 60; id++)
        {
            await Insert(world, id);
            if (id % 10 == 0)
            {
                await world.Checkpoint();
            }
        }

        Assert.True(world.Node.Log.Front > pinned, $"the log is kept from {world.Node.Log.Front} on, for the backup from {pinned} on");
    }

    [Fact]
    public async Task A_full_disk_gives_a_backup_of_all_that_was_answered()
    {
        var time = new ShiftedTime();
        await using var world = await NodeWorld.Start(new() { DataPath = "/data", Log = new() { SegmentBytes = 1 << 17 } }, time);
        await world.Collection("c");
        await world.Checkpoint();
        world.Files.Faults.CapacityBytes = world.Files.UsedBytes;
        var written = new List<long>();
        while ((await world.Proxy.Writes.Insert(NodeWorld.Rows("c", written.Count), default)).Succeeded)
        {
            written.Add(written.Count);
        }

        // Its last reservation of times is over, and there is no room for another.
        time.Shift(TimeSpan.FromMinutes(1));
        using var pinned = (await world.Node.PlanBackup(default)).Value;
        world.Files.Faults.CapacityBytes = long.MaxValue;
        Assert.True((await Copied(world, pinned.Plan, "/backup")).Succeeded);
        Assert.True((await Restore(world, "/backup", "/restored", null)).Succeeded);
        Assert.Equal(written, await Ids(world, "/restored"));
        Assert.NotEmpty(written);
    }

    [Fact]
    public async Task Files_that_a_merge_lets_go_stay_for_the_checkpoint_and_the_backup_that_name_them()
    {
        await using var world = await NodeWorld.Start();
        var collection = await world.Collection("c");
        await Insert(world, 1);
        await Sealed(world, collection);
        var first = Assert.Single((await world.Files.ListAsync("/data/segments", default))!).Name;
        await world.Checkpoint();
        using (var pinned = (await world.Node.PlanBackup(default)).Value)
        {
            await Insert(world, 2);
            await Sealed(world, collection);
            var asked = (await world.Proxy.Data.Compact(collection, default)).Value;
            await Until(() => world.Proxy.Data.Compaction(asked.Id)!.Value.All(plan => plan.State == CompactionPlanState.Completed));
            await world.Checkpoint();
            await Insert(world, 3);
            await world.Checkpoint();
            Assert.True((await Copied(world, pinned.Plan, "/backup")).Succeeded);
        }

        Assert.True((await Restore(world, "/backup", "/restored", null)).Succeeded);
        Assert.Equal([first], (await world.Files.ListAsync("/restored/segments", default))!.Select(entry => entry.Name));
        Assert.Equal(new long[] { 1 }, await Ids(world, "/restored"));
        Assert.Equal(new long[] { 1, 2, 3 }, await world.Ids("c"));

        // The two newest checkpoints were taken behind the merge's last record, whenever that came; neither they nor a pin name it any more.
        foreach (var row in new[] { 4, 5 })
        {
            await Insert(world, row);
            await world.Checkpoint();
        }

        await Until(() => world.Files.ListAsync("/data/segments", default).AsTask().Result!.All(entry => entry.Name != first));
    }

    [Fact]
    public async Task A_stopped_directory_is_backed_up_and_one_in_use_is_refused()
    {
        await using var world = await NodeWorld.Start();
        await world.Collection("c");
        await Insert(world, 1);
        Assert.Contains("in use", (await DataDirectory.OpenExisting(world.Files, "/data", default)).Failure!.Sentence, StringComparison.Ordinal);
        Assert.True((await world.Node.Close(default)).Succeeded);
        await world.Node.DisposeAsync();
        await using (var directory = (await DataDirectory.OpenExisting(world.Files, "/data", default)).Value)
        {
            await using var work = new PooledWork(1);
            var plan = (await BackupPlanning.Of(world.Files, directory, new(1), work, default)).Value;
            Assert.NotEqual("", plan.Manifest.Checkpoint);
            Assert.True((await Copied(world, plan, "/backup")).Succeeded);
        }

        Assert.True((await Restore(world, "/backup", "/restored", null)).Succeeded);
        Assert.Equal(new long[] { 1 }, await Ids(world, "/restored"));
        Assert.Contains("is not empty", (await Restore(world, "/backup", "/restored", null)).Failure!.Sentence, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_backup_in_a_new_directory_is_there_after_a_crash()
    {
        await using var world = await NodeWorld.Start();
        await Backup(world, "/far/away/backup");
        for (var seed = 0ul; seed < 30; seed++)
        {
            var manifest = await Restoration.ReadManifest(world.Files.CrashImage(new SeededRandom(seed)), "/far/away/backup", default);
            Assert.True(manifest.Succeeded, $"seed {seed}: {manifest.Failure}");
        }
    }

    [Fact]
    public async Task A_directory_without_a_manifest_is_no_backup()
    {
        await using var world = await NodeWorld.Start();
        Assert.Contains("has no backup.json", (await Restore(world, "/data", "/restored", null)).Failure!.Sentence, StringComparison.Ordinal);
    }
}
