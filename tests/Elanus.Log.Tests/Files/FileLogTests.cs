using Elanus.Primitives;
using static Elanus.Log.Tests.LogWorld;

namespace Elanus.Log.Tests;

public sealed class FileLogTests
{
    private static readonly CancellationToken Cancel = CancellationToken.None;

    [Fact]
    public async Task What_was_appended_is_read_back_in_order_after_a_restart()
    {
        var world = new LogWorld();
        var rows = Enumerable.Range(0, 500).Select(i => $"row {i} " + new string('x', i)).ToList();
        await using (var log = await world.OpenAsync())
        {
            foreach (var row in rows)
            {
                await AppendAsync(log, row);
            }

            Assert.Equal(rows, await RowsAsync(log));
        }

        await using var again = await world.OpenAsync();
        Assert.True(again.Found.Segments.Count > 5);
        Assert.Null(again.Found.TornTail);
        Assert.Equal(rows, await RowsAsync(again));
        Assert.Equal(rows[^1..], await RowsAsync(again, 502));
    }

    [Fact]
    public async Task Positions_follow_each_other_and_timestamps_rise()
    {
        var world = new LogWorld();
        await using var log = await world.OpenAsync();
        var appended = await Task.WhenAll(Enumerable.Range(0, 1000).Select(i => AppendAsync(log, $"{i}")));
        Assert.Equal(1000, appended.Select(one => one.Position.Number).Distinct().Count());
        var records = await RecordsAsync(log);
        Assert.Equal(Enumerable.Range(1, records.Count).Select(i => (ulong)i), records.Select(record => record.Position.Number));
        Assert.All(records.Zip(records.Skip(1)), pair => Assert.True(pair.First.Timestamp < pair.Second.Timestamp));
        Assert.Equal(appended.ToDictionary(one => one.Position, one => one.Timestamp), records.Where(r => r.Kind == Row).ToDictionary(r => r.Position, r => r.Timestamp));
    }

    [Fact]
    public async Task Nothing_is_committed_or_read_before_an_epoch_is_open()
    {
        var world = new LogWorld();
        await using (var log = await world.OpenAsync())
        {
            await AppendAsync(log, "a");
        }

        await using var again = await world.StartAsync();
        Assert.Equal(0ul, again.Committed.Number);
        Assert.Equal(FailureCode.NotReady, (await TryAppendAsync(again, [1])).Failure?.Code);
        Assert.Equal(FailureCode.NotReady, (await again.ConfirmAsync(Cancel)).Failure?.Code);
        await using var reader = again.Read(new(Channel, 1)).Value;
        var first = reader.NextAsync(Cancel);
        Assert.False(first.IsCompleted);
        var opened = (await again.OpenAsync(Epoch(2), false, Cancel)).Value;
        Assert.Equal(1ul, (await first).Value[0].Position.Number);
        Assert.Equal(new Fence(Epoch(2), new(Channel, 4), Epoch(1), 3, false), opened.Fence);
        Assert.Equal(6ul, opened.Next.Number);
    }

    [Fact]
    public async Task An_epoch_that_is_not_above_the_last_one_cannot_open()
    {
        var world = new LogWorld();
        await using (var log = await world.StartAsync())
        {
            Assert.True((await log.OpenAsync(Epoch(5), false, Cancel)).Succeeded);
            Assert.Equal(FailureCode.Unavailable, (await log.OpenAsync(Epoch(6), false, Cancel)).Failure?.Code);
        }

        await using var again = await world.StartAsync();
        Assert.Equal(FailureCode.Unavailable, (await again.OpenAsync(Epoch(5), false, Cancel)).Failure?.Code);
        Assert.Equal(FailureCode.Unavailable, (await again.OpenAsync(Epoch(4), false, Cancel)).Failure?.Code);
        Assert.True((await again.OpenAsync(Epoch(6), true, Cancel)).Value.Fence.Forced);
        Assert.Equal([5ul, 6ul], again.Chain.Fences.Select(fence => fence.Epoch.Number));
    }

    [Fact]
    public async Task A_reader_waits_for_what_comes_and_sees_large_records_in_pieces()
    {
        var world = new LogWorld();
        await using var log = await world.OpenAsync();
        await using var reader = log.Read(log.Committed.Next).Value;
        var next = reader.NextAsync(Cancel).AsTask();
        var big = new byte[700_000];
        new SeededRandom(3).Fill(big);
        Assert.True((await TryAppendAsync(log, big[..5], big[5..100_000], [], big[100_000..])).Succeeded);
        Assert.True(Assert.Single((await next).Value).Payload.Span.SequenceEqual(big));
        Assert.True((await TryAppendAsync(log)).Succeeded);
        Assert.Equal(0, Assert.Single((await reader.NextAsync(Cancel)).Value).Payload.Length);
    }

    [Fact]
    public async Task Many_waiting_appends_share_one_sync()
    {
        var counting = new CountingFileSystem(new MemoryFileSystem(), TimeProvider.System) { SyncDelay = TimeSpan.FromMilliseconds(5) };
        var started = await FileLog.StartAsync(
            counting, LogWorld.Directory, Channel, new(), new HybridClock(TimeProvider.System), TimeProvider.System, new SeededRandom(1), watcher: null, Cancel);
        await using var log = started.Value;
        await log.OpenAsync(Epoch(1), false, Cancel);
        var before = counting.Syncs;
        await Task.WhenAll(Enumerable.Range(0, 200).Select(i => AppendAsync(log, $"{i}")));
        Assert.InRange(counting.Syncs - before, 1, 20);
    }

    [Fact]
    public async Task The_front_moves_by_whole_segments_and_stays_after_a_restart()
    {
        var world = new LogWorld();
        ulong front;
        await using (var log = await world.OpenAsync())
        {
            for (var i = 0; i < 300; i++)
            {
                await AppendAsync(log, $"{i} " + new string('x', 300));
            }

            Assert.True((await log.TruncateFrontAsync(new(Channel, 150), Cancel)).Succeeded);
            front = log.Front.Number;
            Assert.InRange(front, 100ul, 150ul);
            Assert.Equal(FailureCode.Unavailable, log.Read(new(Channel, front - 1)).Failure?.Code);
        }

        await using var again = await world.OpenAsync();
        Assert.Equal(front, again.Front.Number);
        Assert.Equal(front, (await RecordsAsync(again, front))[0].Position.Number);
        Assert.Equal(Epoch(1), again.Chain.EpochAt(front));
    }

    [Fact]
    public async Task A_torn_tail_is_reported_once_and_then_gone()
    {
        var world = new LogWorld();
        await using (var log = await world.OpenAsync())
        {
            await AppendAsync(log, "a");
        }

        var end = (await world.InspectAsync()).End;
        await using (var file = (await world.Files.OpenAsync(SegmentPath(1), FileIntent.ReadWrite, Cancel))!)
        {
            await file.WriteAsync(512 + 2 * 512 + 700, [new byte[] { 1, 2, 3 }], Cancel);
        }

        await using (var log = await world.StartAsync())
        {
            Assert.Equal(end, log.Found.End);
            Assert.Equal((SegmentPath(1), 512L + 2 * 512, 703L), (log.Found.TornTail!.File, log.Found.TornTail.Offset, log.Found.TornTail.Bytes));
        }

        Assert.Null((await world.InspectAsync()).TornTail);
    }

    [Fact]
    public async Task A_record_above_the_limit_is_refused()
    {
        var world = new LogWorld { Options = new() { RecordBytesMax = 100 } };
        await using var log = await world.OpenAsync();
        Assert.Equal(FailureCode.ParameterTooLarge, (await TryAppendAsync(log, new byte[60], new byte[41])).Failure?.Code);
        Assert.True((await TryAppendAsync(log, new byte[60], new byte[40])).Succeeded);
    }

    [Fact]
    public async Task Kinds_of_the_log_are_not_for_others()
    {
        await using var log = await new LogWorld().OpenAsync();
        await Assert.ThrowsAsync<InvariantBrokenException>(async () => await log.AppendAsync(RecordKind.Fence, [], TimeSpan.Zero, Cancel));
    }

    [Fact]
    public async Task A_closed_log_takes_nothing_and_wakes_its_readers()
    {
        var log = await new LogWorld().OpenAsync();
        await using var reader = log.Read(log.Committed.Next).Value;
        var next = reader.NextAsync(Cancel).AsTask();
        await log.DisposeAsync();
        await Assert.ThrowsAsync<ObjectDisposedException>(() => next);
        await Assert.ThrowsAsync<ObjectDisposedException>(async () => await TryAppendAsync(log, [1]));
    }
}
