namespace Elanus.Primitives.Tests;

public sealed class MemoryFileSystemTests : FileSystemConformance
{
    private static readonly CancellationToken Cancel = CancellationToken.None;

    [Fact]
    public async Task A_crash_keeps_what_was_synced()
    {
        var files = new MemoryFileSystem();
        await Synced(files, "/a", Bytes(3000));
        for (var seed = 0ul; seed < 50; seed++)
        {
            Assert.Equal(Bytes(3000), await Content(files.CrashImage(new SeededRandom(seed)), "/a"));
        }
    }

    [Fact]
    public async Task A_crash_may_lose_or_keep_each_unsynced_name()
    {
        var files = new MemoryFileSystem();
        await Synced(files, "/old", Bytes(10));
        await Make(files, "/new", Bytes(20));
        await files.RenameAsync("/old", "/moved", Cancel);
        var seen = new HashSet<string>();
        for (var seed = 0ul; seed < 100; seed++)
        {
            var left = await files.CrashImage(new SeededRandom(seed)).ListAsync("/", Cancel);
            seen.Add(string.Join(' ', left!.Select(entry => entry.Name)));
        }

        Assert.Equal(["moved", "moved new", "new old", "old"], seen.Order());
    }

    [Fact]
    public async Task A_crash_keeps_any_subset_of_unsynced_sectors_and_can_tear_one()
    {
        var files = new MemoryFileSystem();
        await Synced(files, "/a", new byte[2048]);
        await using var file = (await files.OpenAsync("/a", FileIntent.ReadWrite, Cancel))!;
        await file.WriteAsync(0, [Enumerable.Repeat((byte)1, 2048).ToArray()], Cancel);
        var shapes = new HashSet<string>();
        for (var seed = 0ul; seed < 300; seed++)
        {
            var left = await Content(files.CrashImage(new SeededRandom(seed)), "/a");
            shapes.Add(string.Concat(Enumerable.Range(0, 4).Select(sector => Shape(left.AsSpan(sector * 512, 512)))));
        }

        Assert.Contains("0000", shapes);
        Assert.Contains("1111", shapes);
        Assert.Contains("1100", shapes);
        Assert.Contains("0101", shapes);
        Assert.Contains(shapes, shape => shape.Contains('t', StringComparison.Ordinal));
    }

    [Fact]
    public async Task One_seed_makes_one_image()
    {
        var files = new MemoryFileSystem();
        await Synced(files, "/a", Bytes(512));
        await using var file = (await files.OpenAsync("/a", FileIntent.ReadWrite, Cancel))!;
        await file.WriteAsync(100, [Bytes(9000)], Cancel);
        Assert.Equal(await Content(files.CrashImage(new SeededRandom(9)), "/a"), await Content(files.CrashImage(new SeededRandom(9)), "/a"));
    }

    [Fact]
    public async Task A_lost_sync_keeps_nothing_until_the_next_honest_one()
    {
        var files = new MemoryFileSystem();
        await Synced(files, "/a", new byte[512]);
        files.Faults.Sync = _ => SyncFate.Lost;
        await using var file = (await files.OpenAsync("/a", FileIntent.ReadWrite, Cancel))!;
        await file.WriteAsync(0, [Bytes(512)], Cancel);
        await file.SyncAsync(Cancel);
        Assert.True(await SomeImage(files, left => left.All(b => b == 0)));
        files.Faults.Sync = _ => SyncFate.Honest;
        await file.SyncAsync(Cancel);
        Assert.False(await SomeImage(files, left => left.All(b => b == 0)));
    }

    [Fact]
    public async Task After_a_failed_sync_no_later_one_helps()
    {
        var files = new MemoryFileSystem();
        await Synced(files, "/a", new byte[512]);
        files.Faults.Sync = _ => SyncFate.Failed;
        await using var file = (await files.OpenAsync("/a", FileIntent.ReadWrite, Cancel))!;
        await file.WriteAsync(0, [Bytes(512)], Cancel);
        await Assert.ThrowsAsync<FailedSyncException>(async () => await file.SyncAsync(Cancel));
        await Assert.ThrowsAsync<FailedSyncException>(async () => await files.SyncDirectoryAsync("/", Cancel));
        files.Faults.Sync = _ => SyncFate.Honest;
        await file.SyncAsync(Cancel);
        Assert.True(await SomeImage(files, left => left.All(b => b == 0)));
    }

    [Fact]
    public async Task A_full_disk_refuses_growth_until_room_is_made()
    {
        var files = new MemoryFileSystem { Faults = new() { CapacityBytes = 3000 } };
        await Synced(files, "/a", Bytes(2000));
        await using var file = (await files.CreateAsync("/b", Cancel)).Value;
        Assert.Equal(FailureCode.QuotaExceeded, (await file.AllocateAsync(1001, Cancel)).Failure?.Code);
        Assert.Equal(FailureCode.QuotaExceeded, (await file.WriteAsync(0, [Bytes(1001)], Cancel)).Failure?.Code);
        Assert.Equal(1000, await files.FreeBytesAsync("/", Cancel));
        await files.DeleteAsync("/a", Cancel);
        Assert.True((await file.WriteAsync(0, [Bytes(1001)], Cancel)).Succeeded);
        Assert.Equal(1001, files.UsedBytes);
    }

    [Fact]
    public async Task Writing_over_what_is_there_takes_no_room_on_a_full_disk()
    {
        var files = new MemoryFileSystem();
        await Synced(files, "/a", Bytes(1_000));
        files.Faults.CapacityBytes = files.UsedBytes - 1;
        await using var file = (await files.OpenAsync("/a", FileIntent.ReadWrite, Cancel))!;
        Assert.True((await file.WriteAsync(100, [Bytes(900)], Cancel)).Succeeded);
        Assert.False((await file.WriteAsync(100, [Bytes(901)], Cancel)).Succeeded);
    }

    [Fact]
    public async Task A_flipped_bit_is_read_and_survives()
    {
        var files = new MemoryFileSystem();
        await Synced(files, "/a", new byte[100]);
        files.FlipBit("/a", 42, 3);
        Assert.Equal(8, (await Content(files, "/a"))[42]);
        Assert.Equal(8, (await Content(files.CrashImage(new SeededRandom(0)), "/a"))[42]);
    }

    [Fact]
    public async Task A_lock_does_not_survive_a_crash()
    {
        var files = new MemoryFileSystem();
        await using var held = await files.TryLockAsync("/lock", Cancel);
        Assert.NotNull(await files.CrashImage(new SeededRandom(0)).TryLockAsync("/lock", Cancel));
    }

    protected override (IFileSystem Files, string Root) World() => (new MemoryFileSystem(), "");

    private static async Task Synced(MemoryFileSystem files, string path, byte[] content)
    {
        await Make(files, path, content);
        await using var file = (await files.OpenAsync(path, FileIntent.ReadWrite, Cancel))!;
        await file.SyncAsync(Cancel);
        await files.SyncDirectoryAsync("/", Cancel);
    }

    private static async Task<byte[]> Content(MemoryFileSystem files, string path)
    {
        await using var file = (await files.OpenAsync(path, FileIntent.Read, Cancel))!;
        var content = new byte[await file.LengthAsync(Cancel)];
        await file.ReadAsync(0, content, Cancel);
        return content;
    }

    private static async Task<bool> SomeImage(MemoryFileSystem files, Func<byte[], bool> holds)
    {
        for (var seed = 0ul; seed < 50; seed++)
        {
            if (holds(await Content(files.CrashImage(new SeededRandom(seed)), "/a")))
            {
                return true;
            }
        }

        return false;
    }

    private static char Shape(ReadOnlySpan<byte> sector) =>
        sector.IndexOfAnyExcept((byte)0) < 0 ? '0' : sector.IndexOfAnyExcept((byte)1) < 0 ? '1' : 't';
}
