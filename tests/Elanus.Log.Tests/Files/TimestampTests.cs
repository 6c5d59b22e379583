using Elanus.Primitives;
using static Elanus.Log.Tests.LogWorld;

namespace Elanus.Log.Tests;

public sealed class TimestampTests
{
    private static readonly CancellationToken Cancel = CancellationToken.None;
    private static readonly TimeSpan Soon = TimeSpan.FromSeconds(10);

    [Fact]
    public async Task A_new_owner_starts_above_every_timestamp_that_was_handed_out_or_promised()
    {
        var time = new SettableTime();
        var world = new LogWorld { Time = time };
        var highest = Timestamp.Zero;
        for (var round = 0; round < 20; round++)
        {
            var log = await world.OpenAsync();
            for (var i = 0; i < 10; i++)
            {
                time.Now += TimeSpan.FromMilliseconds(370 * i);
                var next = (await log.NextTimestampAsync(Cancel)).Value;
                Assert.True(next > highest);
                highest = next;
                var ahead = Timestamp.FromTime(time.Now + TimeSpan.FromSeconds(1));
                if (i % 3 == 0 && (await log.PromiseAsync(ahead, Cancel)).Succeeded)
                {
                    highest = ahead > highest ? ahead : highest;
                }

                Assert.True((await AppendAsync(log, "x")).Timestamp > highest);
            }

            // The machine stops without another write, and comes back with a clock an hour behind.
            world = world.With(world.Files.CrashImage(new SeededRandom((ulong)round)));
            time.Now -= TimeSpan.FromHours(1);
        }
    }

    [Fact]
    public async Task The_clock_that_is_told_has_every_record_up_to_it_below_its_position_also_after_a_crash()
    {
        var time = new SettableTime();
        var world = new LogWorld { Time = time };
        var told = new List<PassedClock>();
        await using (var log = await world.OpenAsync())
        {
            // What is reserved is known a moment after the answer.
            Assert.True(SpinWait.SpinUntil(() => log.Passed() is not null, Soon));
            for (var i = 0; i < 200; i++)
            {
                time.Now += TimeSpan.FromMilliseconds(40 * (i % 7));
                var appending = AppendAsync(log, $"{i}");
                told.Add(log.Passed()!.Value);
                await appending;
            }

            // Idle for longer than what is reserved: the clock stands still there.
            time.Now += TimeSpan.FromMinutes(1);
            var last = log.Passed()!.Value;
            Assert.True(last.At < Timestamp.FromTime(time.Now));
            Assert.True((await log.PromiseAsync(Timestamp.FromTime(time.Now), Cancel)).Succeeded);
            Assert.True(SpinWait.SpinUntil(() => log.Passed()!.Value.At >= Timestamp.FromTime(time.Now), Soon));
            told.Add(log.Passed()!.Value);
        }

        await using var again = await world.With(world.Files.CrashImage(new SeededRandom(7))).StartAsync();
        Assert.Null(again.Passed());
        Assert.True((await again.OpenAsync(Epoch(9), false, Cancel)).Succeeded);
        await AppendAsync(again, "later");
        var records = await RecordsAsync(again);
        Assert.All(told, clock => Assert.All(records, record => Assert.True(record.Timestamp > clock.At || record.Position <= clock.End, $"{record.Position} lies behind {clock}")));
    }

    [Fact]
    public async Task Reservations_are_written_ahead_and_seldom()
    {
        var time = new SettableTime();
        await using var log = await new LogWorld { Time = time }.OpenAsync();
        for (var i = 0; i < 100; i++)
        {
            time.Now += TimeSpan.FromMilliseconds(100);
            await AppendAsync(log, "x");
        }

        var records = await RecordsAsync(log);
        Assert.InRange(records.Count(record => record.Kind == RecordKind.Reserve), 5, 9);
    }

    [Fact]
    public async Task Timestamps_without_appends_need_no_record_while_the_reservation_reaches()
    {
        var time = new SettableTime();
        await using var log = await new LogWorld { Time = time }.OpenAsync();
        var before = log.Durable;
        for (var i = 0; i < 1000; i++)
        {
            Assert.True((await log.NextTimestampAsync(Cancel)).Succeeded);
        }

        Assert.Equal(before, log.Durable);
        time.Now += TimeSpan.FromHours(1);
        var stamps = await Task.WhenAll(Enumerable.Range(0, 100).Select(async _ => (await log.NextTimestampAsync(Cancel)).Value));
        Assert.Equal(100, stamps.Distinct().Count());
        Assert.Equal(before.Next, log.Durable);
    }

    [Fact]
    public async Task A_timestamp_above_the_reservation_waits_until_a_higher_one_is_durable()
    {
        var time = new SettableTime();
        var tapped = new TappedFileSystem(new MemoryFileSystem());
        await using var log = await new LogWorld { Time = time, Seen = tapped }.OpenAsync();
        var held = new TaskCompletionSource();
        tapped.BeforeSync = () => held.Task;
        time.Now += TimeSpan.FromHours(1);
        var stamp = log.NextTimestampAsync(Cancel).AsTask();
        var promise = log.PromiseAsync(Timestamp.FromTime(time.Now), Cancel).AsTask();
        Assert.False(stamp.IsCompleted || promise.IsCompleted);
        held.SetResult();
        Assert.True((await stamp).Succeeded && (await promise).Succeeded);
    }

    [Fact]
    public async Task A_promise_too_far_ahead_is_refused_and_moves_no_clock()
    {
        var time = new SettableTime();
        await using var log = await new LogWorld { Time = time }.OpenAsync();
        var far = Timestamp.FromTime(time.Now + TimeSpan.FromMinutes(1));
        Assert.Equal(FailureCode.InvalidParameter, (await log.PromiseAsync(far, Cancel)).Failure?.Code);
        Assert.True((await AppendAsync(log, "x")).Timestamp < far);
    }

    [Fact]
    public async Task What_is_promised_holds_while_others_append()
    {
        var counting = new CountingFileSystem(new MemoryFileSystem(), TimeProvider.System) { SyncDelay = TimeSpan.FromMilliseconds(1) };
        await using var log = await new LogWorld { Seen = counting }.OpenAsync();
        var clock = new HybridClock(TimeProvider.System);
        var promises = await Task.WhenAll(Enumerable.Range(0, 8).Select(async _ =>
        {
            var made = new List<(Timestamp Promised, LogPosition Position)>();
            for (var i = 0; i < 30; i++)
            {
                var append = AppendAsync(log, "x");
                var now = clock.Next();
                made.Add((now, (await log.PromiseAsync(now, Cancel)).Value));
                await append;
            }

            return made;
        }));
        var records = await RecordsAsync(log);
        foreach (var (promised, position) in promises.SelectMany(made => made))
        {
            Assert.All(records, record => Assert.True(record.Timestamp > promised || record.Position <= position));
        }
    }

    [Fact]
    public async Task A_promise_of_the_past_does_not_wait_for_the_group_that_is_being_written()
    {
        var tapped = new TappedFileSystem(new MemoryFileSystem());
        await using var log = await new LogWorld { Seen = tapped }.OpenAsync();
        var past = (await AppendAsync(log, "a")).Timestamp;
        var entered = new TaskCompletionSource();
        var held = new TaskCompletionSource();
        tapped.BeforeSync = () =>
        {
            entered.TrySetResult();
            return held.Task;
        };
        var writing = AppendAsync(log, "b");
        await entered.Task;
        Assert.Equal(3ul, (await log.PromiseAsync(past, Cancel)).Value.Number);
        var present = log.PromiseAsync((await log.NextTimestampAsync(Cancel)).Value, Cancel).AsTask();
        Assert.False(present.IsCompleted);
        held.SetResult();
        Assert.Equal((await writing).Position, (await present).Value);
    }

    [Fact]
    public async Task A_confirmed_position_holds_every_answered_append()
    {
        await using var log = await new LogWorld().OpenAsync();
        var appended = await AppendAsync(log, "x");
        Assert.Equal(appended.Position, (await log.ConfirmAsync(Cancel)).Value);
    }
}
