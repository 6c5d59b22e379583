using Elanus.Primitives;
using static Elanus.Log.Tests.LogWorld;

namespace Elanus.Log.Tests;

public sealed class SpareSegmentTests
{
    private const int SegmentBytes = 64 * 1024;

    private static readonly CancellationToken Cancel = CancellationToken.None;

    private static readonly string Spare = $"{LogWorld.Directory}/{Segment.NameOf(0)}.tmp";

    [Fact]
    public async Task A_segment_that_a_start_goes_on_in_is_left_for_a_prepared_one_and_its_room_is_given_back()
    {
        var world = World();
        var log = await world.OpenAsync();
        await AppendAsync(log, "one");
        Assert.Single(await SegmentsAsync(world));
        await log.DisposeAsync();

        log = await world.OpenAsync();
        Assert.Single(await SegmentsAsync(world));
        await AppendAsync(log, "behind the fence");
        Assert.Equal(2, (await SegmentsAsync(world)).Count);
        await UntilAsync(async () => await LengthAsync(world, SegmentPath(1)) < SegmentBytes / 8);
        await AppendAsync(log, "two");
        await AppendAsync(log, "three");
        Assert.Equal(2, (await SegmentsAsync(world)).Count);
        Assert.Equal(["one", "behind the fence", "two", "three"], await RowsAsync(log));
        await log.DisposeAsync();

        await using var again = await world.OpenAsync();
        Assert.Null(again.Found.TornTail);
        Assert.Empty(again.Found.Damage);
        Assert.Equal(["one", "behind the fence", "two", "three"], await RowsAsync(again));
    }

    [Fact]
    public async Task A_prepared_segment_that_is_full_is_followed_by_the_next_prepared_one()
    {
        var world = World();
        await using var log = await world.OpenAsync();
        var rows = Enumerable.Range(0, 40).Select(i => $"row {i} {new string('x', 9000)}").ToList();
        foreach (var row in rows)
        {
            await AppendAsync(log, row);
        }

        Assert.InRange((await SegmentsAsync(world)).Count, 6, 9);
        Assert.Equal(rows, await RowsAsync(log));
    }

    [Fact]
    public async Task Where_the_disk_has_no_room_the_spare_gives_its_own_back()
    {
        var world = World();
        await using var log = await world.OpenAsync();
        await AppendAsync(log, "before");
        await AppendAsync(log, "in the prepared one");
        Assert.Equal(SegmentBytes, await LengthAsync(world, Spare));
        world.Files.Faults.CapacityBytes = world.Files.UsedBytes + 50_000;
        var large = new string('x', 100_000);
        await AppendAsync(log, large);
        Assert.Equal(["before", "in the prepared one", large], await RowsAsync(log));
        Assert.Equal(0, await LengthAsync(world, Spare));
    }

    [Fact]
    public async Task A_disk_that_is_nearly_full_gets_no_spare()
    {
        var world = World();
        world.Files.Faults.CapacityBytes = 5 * SegmentBytes;
        await using var log = await world.OpenAsync();
        for (var i = 0; i < 20; i++)
        {
            await AppendAsync(log, $"row {i}");
        }

        Assert.Single(await SegmentsAsync(world));
        Assert.Equal(0, await LengthAsync(world, Spare));
    }

    [Fact]
    public async Task A_failed_sync_of_the_spare_ends_the_log()
    {
        var world = World();
        world.Files.Faults.Sync = path => path == Spare ? SyncFate.Failed : SyncFate.Honest;
        await using var log = await world.StartAsync();
        Assert.Contains("could not be prepared", (await log.Death).Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_spare_that_somebody_removed_is_done_without()
    {
        var world = World();
        await (await world.OpenAsync()).DisposeAsync();
        await using var log = await world.OpenAsync();
        Assert.True(await world.Files.DeleteAsync(Spare, Cancel));
        await AppendAsync(log, "one");
        await AppendAsync(log, "two");
        Assert.Single(await SegmentsAsync(world));
        Assert.Equal(["one", "two"], await RowsAsync(log));
    }

    [Fact]
    public async Task A_spare_of_an_earlier_life_makes_room_for_the_cut_that_a_start_finishes()
    {
        var world = World(alone: false);
        var log = await world.StartAsync();
        await using var source = await World().OpenAsync();
        for (var i = 0; i < 5; i++)
        {
            await AppendAsync(source, $"row {i}");
        }

        var records = await RecordsAsync(source);
        await log.AppendVerbatimAsync([.. records], Cancel);
        Assert.True((await log.CutAtNextStartAsync(new(Channel, 3), new IOException("cut"), Cancel)).Succeeded);
        await log.DisposeAsync();
        Assert.Equal(SegmentBytes, await LengthAsync(world, Spare));
        world.Files.Faults.CapacityBytes = world.Files.UsedBytes;
        await using var again = await world.StartAsync();
        Assert.Equal(3ul, again.Found.End.Position.Number);
    }

    [Fact]
    public async Task A_cut_leaves_no_spare_behind_and_the_log_goes_on()
    {
        var world = World(alone: false);
        await using var log = await world.StartAsync();
        var leader = World();
        await using var source = await leader.OpenAsync();
        for (var i = 0; i < 10; i++)
        {
            await AppendAsync(source, $"row {i}");
        }

        var records = await RecordsAsync(source);
        await log.AppendVerbatimAsync([.. records.Take(8)], Cancel);
        Assert.True((await log.CutAsync(new(Channel, 4), Cancel)).Succeeded);
        await log.AppendVerbatimAsync([.. records.Skip(4)], Cancel);
        log.AdvanceCommitted(log.Durable);
        Assert.Equal(await RowsAsync(source), await RowsAsync(log));
    }

    /// <summary>A spare is prepared at once, and without a rest.</summary>
    private static LogWorld World(bool alone = true) =>
        new() { Time = new StillTime(), Options = new() { SegmentBytes = SegmentBytes, MarkAfterIdleMs = 0, SpareBytesASecond = long.MaxValue, SpareAfterMs = 0, CommitsAlone = alone } };

    private static async Task<List<string>> SegmentsAsync(LogWorld world) =>
        [.. (await world.Files.ListAsync(LogWorld.Directory, Cancel))!.Select(entry => entry.Name).Where(name => Segment.TryParseName(name, out _))];

    private static async Task<long> LengthAsync(LogWorld world, string path)
    {
        await using var file = await world.Files.OpenAsync(path, FileIntent.Read, Cancel);
        return file is null ? 0 : await file.LengthAsync(Cancel);
    }

    private static async Task UntilAsync(Func<Task<bool>> holds)
    {
        while (!await holds())
        {
            await Task.Delay(1);
        }
    }

    private sealed class StillTime : TimeProvider
    {
        public override long GetTimestamp() => 0;
    }
}
