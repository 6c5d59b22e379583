using Elanus.Primitives;
using static Elanus.Log.Tests.LogWorld;

namespace Elanus.Log.Tests;

public sealed class EpochPromiseTests
{
    private static readonly CancellationToken Cancel = CancellationToken.None;

    [Fact]
    public async Task A_promise_is_there_after_a_crash_or_the_one_before_it_is()
    {
        var files = new MemoryFileSystem();
        await files.CreateDirectoryAsync(LogWorld.Directory, Cancel);
        await files.SyncDirectoryAsync("/", Cancel);
        Assert.Equal(default, await EpochPromise.LoadAsync(files, LogWorld.Directory, Cancel));
        var kept = default(EpochPromise);
        for (var number = 1ul; number < 30; number++)
        {
            var promise = new EpochPromise(Epoch(number), number * 100);
            Assert.True((await promise.KeepAsync(files, LogWorld.Directory, Cancel)).Succeeded);
            kept = promise;
            var crashed = files.CrashImage(new SeededRandom(number));
            Assert.Equal(kept, await EpochPromise.LoadAsync(crashed, LogWorld.Directory, Cancel));
        }
    }

    [Fact]
    public async Task A_promise_that_comes_while_another_one_is_on_its_way_to_the_disk_follows_it()
    {
        var files = new MemoryFileSystem();
        await files.CreateDirectoryAsync(LogWorld.Directory, Cancel);
        await files.SyncDirectoryAsync("/", Cancel);
        var (reached, go) = (new TaskCompletionSource(), new TaskCompletionSource());
        var tapped = new TappedFileSystem(files) { BeforeSync = () => reached.TrySetResult() ? go.Task : Task.CompletedTask };
        var promises = new PromiseFile(tapped, LogWorld.Directory, TimeProvider.System);
        var first = promises.KeepAsync(new(Epoch(5), 10), _ => { }, Cancel).AsTask();
        await reached.Task;
        var second = promises.KeepAsync(new(Epoch(6), 10), _ => { }, Cancel).AsTask();
        go.SetResult();
        await first;
        await second;
        for (var seed = 0ul; seed < 10; seed++)
        {
            Assert.Equal(new(Epoch(6), 10), await EpochPromise.LoadAsync(files.CrashImage(new SeededRandom(seed)), LogWorld.Directory, Cancel));
        }
    }

    [Fact]
    public async Task A_damaged_promise_stops_the_start()
    {
        var files = new MemoryFileSystem();
        await files.CreateDirectoryAsync(LogWorld.Directory, Cancel);
        await new EpochPromise(Epoch(3), 5).KeepAsync(files, LogWorld.Directory, Cancel);
        files.FlipBit($"{LogWorld.Directory}/{EpochPromise.FileName}", 20, 3);
        var damaged = await Assert.ThrowsAsync<LogDamagedException>(async () => await EpochPromise.LoadAsync(files, LogWorld.Directory, Cancel));
        Assert.Contains(EpochPromise.FileName, damaged.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void The_file_is_the_one_that_format_1_was_first_written_with() => Assert.Equal(
        "B2DAAD68454C50520100000000000000" + "0300000000000000150000000000000021000000000000000500000000000000" + "00000000000000000000000000000000",
        Convert.ToHexString(new EpochPromise(Epoch(3), 5).ToBytes()));
}
