using Elanus.Primitives;
using static Elanus.Storage.Tests.StoreWorld;

namespace Elanus.Storage.Tests.Stores;

public sealed class DirectorySegmentStoreTests
{
    [Fact]
    public async Task A_name_whose_file_could_not_be_begun_may_be_tried_again()
    {
        var files = new MemoryFileSystem();
        await using var store = await StoreWorld.OpenAsync(files);
        await using (var inTheWay = (await files.CreateAsync($"{StoreWorld.Folder}/a.tmp", StoreWorld.Cancel)).Value)
        {
            await Assert.ThrowsAsync<IOException>(() => StoreWorld.WriteAsync(store, "a"));
        }

        await files.DeleteAsync($"{StoreWorld.Folder}/a.tmp", StoreWorld.Cancel);
        Assert.True((await StoreWorld.WriteAsync(store, "a")).Succeeded);
    }

    [Fact]
    public async Task A_deleted_file_goes_with_its_last_pin_and_is_not_opened_anew()
    {
        var files = new MemoryFileSystem();
        await using var store = await OpenAsync(files);
        await WriteAsync(store, "a.cols");
        var reader = (await store.OpenAsync("a.cols", Cancel))!;
        var backup = (await store.PinAsync("a.cols", Cancel))!;
        await store.DeleteAsync("a.cols", Cancel);
        Assert.Null(await store.OpenAsync("a.cols", Cancel));
        Assert.Null(await store.PinAsync("a.cols", Cancel));
        Assert.Empty(await store.ListAsync(Cancel));
        Assert.Equal("first,second", System.Text.Encoding.UTF8.GetString(reader.Span(reader.Find("text")!.Value)));
        reader.Dispose();
        Assert.Single((await files.ListAsync(Folder, Cancel))!);
        backup.Dispose();
        backup.Dispose();
        Assert.Empty((await files.ListAsync(Folder, Cancel))!);
    }

    [Fact]
    public async Task A_pin_that_was_cancelled_keeps_nothing()
    {
        var files = new MemoryFileSystem();
        await using var store = await OpenAsync(files);
        await WriteAsync(store, "a.cols");
        await Assert.ThrowsAnyAsync<OperationCanceledException>(async () => await store.PinAsync("a.cols", new(canceled: true)));
        await store.DeleteAsync("a.cols", Cancel);
        Assert.Empty((await files.ListAsync(Folder, Cancel))!);
    }

    [Fact]
    public async Task A_file_without_pins_goes_at_once()
    {
        var files = new MemoryFileSystem();
        await using var store = await OpenAsync(files);
        await WriteAsync(store, "a.cols");
        await WriteAsync(store, "b.cols");
        await store.DeleteAsync("a.cols", Cancel);
        await store.DeleteAsync("never.cols", Cancel);
        Assert.Equal(["b.cols"], (await store.ListAsync(Cancel)).Select(e => e.Name));
        Assert.Single((await files.ListAsync(Folder, Cancel))!);
    }

    [Fact]
    public async Task What_is_abandoned_or_left_by_a_stop_leaves_nothing()
    {
        var files = new MemoryFileSystem();
        await using (var store = await OpenAsync(files))
        {
            await using (var abandoned = (await store.CreateAsync("a.cols", StoredFileKind.Index, default, room: 0, Cancel)).Value)
            {
                Assert.True((await abandoned.WriteSectionAsync("x", 5_000_000, Count, Cancel)).Succeeded);
            }

            Assert.Empty((await files.ListAsync(Folder, Cancel))!);
            _ = (await store.CreateAsync("b.cols", StoredFileKind.Index, default, room: 0, Cancel)).Value;
            Assert.Single((await files.ListAsync(Folder, Cancel))!);
        }

        await using var next = await OpenAsync(files);
        Assert.Empty((await files.ListAsync(Folder, Cancel))!);
        Assert.True((await WriteAsync(next, "b.cols")).Succeeded);
    }

    [Fact]
    public async Task A_full_disk_is_a_failure_and_writing_goes_on_when_there_is_room()
    {
        var files = new MemoryFileSystem { Faults = new() { CapacityBytes = 1_000_000 } };
        await using var store = await OpenAsync(files);
        var full = await WriteAsync(store, "a.cols", 3_000_000);
        Assert.Equal(FailureCode.QuotaExceeded, full.Failure?.Code);
        Assert.Empty((await files.ListAsync(Folder, Cancel))!);
        Assert.True((await WriteAsync(store, "a.cols", 300_000)).Succeeded);
    }

    [Fact]
    public async Task A_file_for_which_there_is_too_little_room_is_not_begun()
    {
        var files = new MemoryFileSystem { Faults = new() { CapacityBytes = 1_000_000 } };
        await using var store = await OpenAsync(files);
        var full = await store.CreateAsync("a.cols", StoredFileKind.Columns, default, room: 1_000_001, Cancel);
        Assert.Equal(FailureCode.QuotaExceeded, full.Failure?.Code);
        Assert.Contains("a.cols: 1000001 bytes are needed and 1000000 are free", $"{full.Failure}", StringComparison.Ordinal);
        Assert.Empty((await files.ListAsync(Folder, Cancel))!);
        await using var begun = (await store.CreateAsync("a.cols", StoredFileKind.Columns, default, room: 1_000_000, Cancel)).Value;
    }

    [Fact]
    public async Task After_a_crash_a_file_is_whole_or_absent_and_a_published_one_is_there()
    {
        var (absent, whole) = (0, 0);
        for (var seed = 0ul; seed < 200; seed++)
        {
            var files = new MemoryFileSystem();
            await using var store = await OpenAsync(files);
            await files.SyncDirectoryAsync("/", Cancel);
            var tapped = new CrashingFileSystem(files, () => files.CrashImage(new SeededRandom(seed)), crashAt: (int)(seed % 12));
            await using var crashing = await OpenAsync(tapped);
            var published = await WriteAsync(crashing, "a.cols", 40_000 * (int)(seed % 50));
            var image = tapped.Image ?? files.CrashImage(new SeededRandom(seed));
            await using var after = await OpenAsync(image);
            using var file = await after.OpenAsync("a.cols", Cancel);
            Assert.True(file is not null || tapped.Image is not null, $"a published file was lost: {published.Failure}, seed {seed}");
            if (file is null)
            {
                absent++;
                Assert.Empty((await image.ListAsync(Folder, Cancel)) ?? []);
                continue;
            }

            whole++;
            Assert.Equal(published.Value, file.Reference);
            Assert.Empty(file.Verify(null, Cancel));
        }

        Assert.True(absent > 20 && whole > 20, $"{absent} absent and {whole} whole show too little");
    }

    [Fact]
    public async Task The_real_disk_keeps_what_the_one_in_memory_keeps()
    {
        var directory = Directory.CreateTempSubdirectory("elanus-store-").FullName;
        try
        {
            await using var store = (await DirectorySegmentStore.OpenAsync(new RealFileSystem(), directory, Cancel)).Value;
            var written = (await WriteAsync(store, "a.cols", 1_000_000)).Value;
            using (var file = (await store.OpenAsync("a.cols", Cancel))!)
            {
                Assert.Equal(written, file.Reference);
                Assert.Empty(file.Verify(null, Cancel));
                await store.DeleteAsync("a.cols", Cancel);
                Assert.True(File.Exists(Path.Combine(directory, "a.cols")));
            }

            await store.DisposeAsync();
            Assert.Empty(Directory.GetFiles(directory));
        }
        finally
        {
            Directory.Delete(directory, recursive: true);
        }
    }
}
