namespace Elanus.Primitives.Tests;

public sealed class CountingFileSystemTests : FileSystemConformance
{
    private static readonly CancellationToken Cancel = CancellationToken.None;

    [Fact]
    public async Task Calls_bytes_and_syncs_are_counted()
    {
        var files = new CountingFileSystem(new MemoryFileSystem(), TimeProvider.System);
        await using var file = (await files.CreateAsync("/a", Cancel)).Value;
        await file.WriteAsync(0, [Bytes(10), Bytes(20)], Cancel);
        await file.SyncAsync(Cancel);
        await file.ReadAsync(0, new byte[7], Cancel);
        await files.SyncDirectoryAsync("/", Cancel);
        Assert.Equal((1L, 30L, 1L, 7L, 1L, 1L), (files.Writes, files.BytesWritten, files.Reads, files.BytesRead, files.Syncs, files.DirectorySyncs));
        Assert.Equal(5, files.Calls);
    }

    [Fact]
    public async Task A_sync_lasts_as_long_as_told()
    {
        var files = new CountingFileSystem(new MemoryFileSystem(), TimeProvider.System) { SyncDelay = TimeSpan.FromMilliseconds(20) };
        await using var file = (await files.CreateAsync("/a", Cancel)).Value;
        var before = TimeProvider.System.GetTimestamp();
        await file.SyncAsync(Cancel);

        // Timers count in the kernel's coarse ticks, of 4 ms mostly.
        Assert.True(TimeProvider.System.GetElapsedTime(before) >= TimeSpan.FromMilliseconds(15));
    }

    protected override (IFileSystem Files, string Root) World() => (new CountingFileSystem(new MemoryFileSystem(), TimeProvider.System), "");
}
