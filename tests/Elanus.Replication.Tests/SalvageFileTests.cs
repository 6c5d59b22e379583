using Elanus.Log;
using Elanus.Primitives;

namespace Elanus.Replication.Tests;

/// <summary>What a node keeps before it cuts its log is there after any crash.</summary>
public sealed class SalvageFileTests
{
    private const int Crashes = 40;

    private static readonly ChannelId Channel = new(1);

    [Fact]
    public async Task A_kept_tail_survives_the_loss_of_power_that_follows()
    {
        var files = new MemoryFileSystem();
        await files.CreateDirectoryAsync("/data/log", CancellationToken.None);
        await files.SyncDirectoryAsync("/", CancellationToken.None);
        await files.SyncDirectoryAsync("/data", CancellationToken.None);
        await using var log = (await FileLog.StartAsync(
            files, "/data/log", Channel, new(), new(TimeProvider.System), TimeProvider.System, new SeededRandom(1), new Unmoved(), CancellationToken.None)).Value;
        Assert.True((await log.OpenAsync(new(1, new(1, 1)), forced: false, CancellationToken.None)).Succeeded);
        Assert.True((await log.AppendAsync(new(RecordKind.FirstFree), [new byte[100]], TimeSpan.FromSeconds(10), CancellationToken.None)).Succeeded);
        var kept = await SalvageFile.Write(files, "/data/salvage", log, LogPosition.Start(Channel), CancellationToken.None);
        Assert.True(kept.Succeeded);
        var random = new SeededRandom(2);
        for (var crash = 0; crash < Crashes; crash++)
        {
            var left = files.CrashImage(random);
            await using var file = await left.OpenAsync(kept.Value, FileIntent.Read, CancellationToken.None);
            Assert.True(file is not null && await file.LengthAsync(CancellationToken.None) > 100, $"{kept.Value} is gone after crash {crash}");
        }
    }

    [Fact]
    public async Task A_long_tail_is_synced_while_it_is_written()
    {
        var files = new MemoryFileSystem();
        await files.CreateDirectoryAsync("/data/log", CancellationToken.None);
        await using var log = (await FileLog.StartAsync(
            files, "/data/log", Channel, new(), new(TimeProvider.System), TimeProvider.System, new SeededRandom(1), new Unmoved(), CancellationToken.None)).Value;
        Assert.True((await log.OpenAsync(new(1, new(1, 1)), forced: false, CancellationToken.None)).Succeeded);
        for (var i = 0; i < 6; i++)
        {
            Assert.True((await log.AppendAsync(new(RecordKind.FirstFree), [new byte[IFile.UnsyncedBytesMax / 2]], TimeSpan.FromSeconds(10), CancellationToken.None)).Succeeded);
        }

        var counted = new CountingFileSystem(files, TimeProvider.System);
        Assert.True((await SalvageFile.Write(counted, "/data/salvage", log, LogPosition.Start(Channel), CancellationToken.None)).Succeeded);
        Assert.InRange(counted.Syncs, counted.BytesWritten / IFile.UnsyncedBytesMax, long.MaxValue);
        Assert.True(counted.BytesWritten > 3 * IFile.UnsyncedBytesMax);
    }

    private sealed class Unmoved : ILogWatcher
    {
        public void Written(LogPosition end)
        {
        }

        public void Durable(LogPosition end)
        {
        }
    }
}
