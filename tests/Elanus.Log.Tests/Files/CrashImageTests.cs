using Elanus.Primitives;
using static Elanus.Log.Tests.LogWorld;

namespace Elanus.Log.Tests;

/// <summary>
/// A recorded workload is crashed after each of its changes to the disk, many ways, and started again: all that was committed is there,
/// nothing was invented, what is there is one prefix of what was written.
/// </summary>
public sealed class CrashImageTests
{
    private static readonly CancellationToken Cancel = CancellationToken.None;

    [Theory]
    [InlineData(false, true, 0)]
    [InlineData(true, true, 0)]
    [InlineData(true, false, 0)]
    [InlineData(false, true, long.MaxValue)]
    [InlineData(true, true, long.MaxValue)]
    [InlineData(true, false, long.MaxValue)]
    public async Task Any_subset_of_unsynced_sectors_and_names_leaves_a_log_with_all_that_was_committed(bool beside, bool covers, long spareBytesASecond)
    {
        var files = new MemoryFileSystem();
        var tapped = new TappedFileSystem(files);
        var world = new LogWorld
        {
            Files = files,
            Seen = tapped,
            Options = new() { SegmentBytes = 8 * 1024, MarkAfterIdleMs = 0, GroupBytesWhole = 1, GroupBytesBeside = beside ? 1 : 1 << 20, SpareBytesASecond = spareBytesASecond, SpareAfterMs = 0 },
        };
        if (beside)
        {
            tapped.EndSyncsInAnyOrder(new SeededRandom(3), covers);
        }

        FileLog? log = null;
        var images = new List<(ulong Committed, MemoryFileSystem Image)>();
        var seed = 0ul;
        tapped.Changed = () =>
        {
            for (var i = 0; i < 4; i++)
            {
                images.Add((log?.Committed.Number ?? 0, files.CrashImage(new SeededRandom(seed++))));
            }
        };

        log = await world.OpenAsync();
        for (var round = 0; round < 25; round++)
        {
            await Task.WhenAll(Enumerable.Range(0, 4).Select(i => AppendAsync(log, $"round {round} row {i} " + new string('x', round * i * 20))));
        }

        tapped.Changed = () => { };
        tapped.BeforeSync = tapped.AfterSync = () => Task.CompletedTask;
        var written = await RecordsAsync(log);
        await log.DisposeAsync();
        Assert.True(images.Count > 200);
        var torn = 0;
        foreach (var (committed, image) in images)
        {
            torn += await CheckAsync(new LogWorld { Files = image, Options = world.Options with { SpareBytesASecond = 0 } }, committed, written) ? 1 : 0;
        }

        Assert.True(torn > 10, "the images hold too few torn writes to prove anything");
    }

    [Fact]
    public async Task Segments_that_come_back_after_the_front_moved_are_no_gap()
    {
        var world = new LogWorld { Options = new() { SegmentBytes = 4 * 1024, MarkAfterIdleMs = 0 } };
        await using var log = await world.OpenAsync();
        for (var i = 0; i < 30; i++)
        {
            await AppendAsync(log, new string('x', 900));
        }

        Assert.True((await log.TruncateFrontAsync(log.Committed, Cancel)).Succeeded);
        var returned = new HashSet<int>();
        for (var seed = 0ul; seed < 60; seed++)
        {
            var image = world.Files.CrashImage(new SeededRandom(seed));
            returned.Add((await image.ListAsync(LogWorld.Directory, Cancel))!.Count);
            await using var crashed = await new LogWorld { Files = image, Options = world.Options }.OpenAsync();
            Assert.Equal(log.Front, crashed.Front);
            Assert.Equal(log.Committed.Number, crashed.Found.End.Position.Number);
            Assert.True((await image.ListAsync(LogWorld.Directory, Cancel))!.Count <= 3);
        }

        Assert.True(returned.Count > 3, "too few images brought segments back");
    }

    [Fact]
    public async Task What_a_head_lets_go_of_is_removed_by_a_start_only_when_the_head_is_durable()
    {
        var files = new MemoryFileSystem();
        var world = new LogWorld { Files = files, Options = new() { SegmentBytes = 4 * 1024, MarkAfterIdleMs = 0, SpareBytesASecond = 0 } };
        var committed = new List<string>();
        await using (var log = await world.OpenAsync())
        {
            for (var i = 0; i < 30; i++)
            {
                committed.Add($"{i} {new string('x', 900)}");
                await AppendAsync(log, committed[^1]);
            }

            files.Faults.Sync = path => path == LogWorld.Directory ? SyncFate.Failed : SyncFate.Honest;
            await Assert.ThrowsAnyAsync<Exception>(async () => await log.TruncateFrontAsync(log.Committed, Cancel));
        }

        files.Faults.Sync = _ => SyncFate.Honest;
        var images = new List<MemoryFileSystem>();
        var tapped = new TappedFileSystem(files) { Changed = () => images.AddRange(Enumerable.Range(0, 6).Select(seed => files.CrashImage(new SeededRandom((ulong)(images.Count + seed))))) };
        await using (var again = await new LogWorld { Files = files, Seen = tapped, Options = world.Options }.OpenAsync())
        {
            Assert.True(again.Front.Number > 1, "the head was not left in the cache");
        }

        Assert.True(images.Count > 60);
        foreach (var image in images)
        {
            await using var crashed = await new LogWorld { Files = image, Options = world.Options }.OpenAsync();
            var rows = await RowsAsync(crashed, crashed.Front.Number);
            Assert.Equal(committed.TakeLast(rows.Count), rows);
        }
    }

    [Fact]
    public async Task Every_prefix_of_the_byte_stream_recovers_to_the_groups_that_it_holds()
    {
        var world = new LogWorld { Options = new() { SegmentBytes = 4 * 1024, MarkAfterIdleMs = 0 } };
        await using (var log = await world.OpenAsync())
        {
            for (var i = 0; i < 3; i++)
            {
                await Task.WhenAll(AppendAsync(log, $"one {i}"), AppendAsync(log, $"two {i} " + new string('x', 100 * i)));
            }
        }

        var whole = await ContentAsync(world.Files, SegmentPath(1));
        var all = SegmentScan.Of(whole, SegmentHeader.Read(whole)!.Value);
        var ends = all.Groups.Skip(1).Append((First: all.End.Position.Number + 1, Offset: all.EndOffset)).ToList();
        for (var length = SegmentHeader.Bytes; length <= whole.Length; length++)
        {
            foreach (var preallocated in new[] { true, false })
            {
                var prefix = new byte[preallocated ? whole.Length : length];
                whole.AsSpan(0, length).CopyTo(prefix);
                var scan = SegmentScan.Of(prefix, SegmentHeader.Read(prefix)!.Value);
                // A group whose bytes are all there is whole even where the zeros behind it were not written.
                var least = ends.LastOrDefault(group => group.Offset <= length).First;
                var most = ends.FirstOrDefault(group => group.Offset > length, ends[^1]).First;
                Assert.False(scan.FaultIsDamage);
                Assert.True(scan.End.Position.Number + 1 >= Math.Max(least, 1) && scan.End.Position.Number + 1 <= most, $"at {length}");
            }
        }
    }

    /// <summary>Starts from an image and compares; true where a torn tail was found.</summary>
    private static async Task<bool> CheckAsync(LogWorld world, ulong committed, List<LogRecord> written)
    {
        await using var log = await world.OpenAsync();
        var end = log.Found.End.Position.Number;
        Assert.True(end >= committed, $"{committed} were committed, {end} are left");
        var records = await RecordsAsync(log);
        Assert.Equal(written.Take((int)end).Select(record => record.Header), records.Take((int)end).Select(record => record.Header));
        await AppendAsync(log, "after the crash");
        Assert.Equal("after the crash", (await RowsAsync(log))[^1]);
        Assert.DoesNotContain((await world.Files.ListAsync(LogWorld.Directory, Cancel))!, entry => entry.Name.EndsWith(".tmp", StringComparison.Ordinal));
        return log.Found.TornTail is not null;
    }

    private static async Task<byte[]> ContentAsync(MemoryFileSystem files, string path)
    {
        await using var file = (await files.OpenAsync(path, FileIntent.Read, Cancel))!;
        var bytes = new byte[await file.LengthAsync(Cancel)];
        await file.ReadAsync(0, bytes, Cancel);
        return bytes;
    }
}
