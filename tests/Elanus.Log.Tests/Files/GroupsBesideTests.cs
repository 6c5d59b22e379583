using System.Text;
using Elanus.Primitives;
using static Elanus.Log.Tests.LogWorld;

namespace Elanus.Log.Tests;

/// <summary>Two groups on their way to the disk at once: what is answered when, and what a start makes of what a crash left of them.</summary>
public sealed class GroupsBesideTests
{
    private static readonly CancellationToken Cancel = CancellationToken.None;

    [Fact]
    public async Task A_group_whose_sync_ends_first_is_answered_after_the_one_before_it()
    {
        var held = new HeldSyncs();
        await using var log = await held.World.OpenAsync();
        using var atLast = held;
        var (first, second) = await TwoAsync(held, log);
        var before = log.Durable;
        held.Release(1);

        // The third group is written only when the first has landed: that the second one's sync returned is seen by nothing else.
        var third = TryAppendAsync(log, Row(3));
        await using (var crashed = await new LogWorld { Files = held.Files.CrashImage(new SeededRandom(1)) }.OpenAsync())
        {
            Assert.Equal(before.Number + 2, crashed.Found.End.Position.Number);
        }

        Assert.Equal(before, log.Durable);
        Assert.Equal(before, log.Committed);
        Assert.False(first.IsCompleted || second.IsCompleted || third.IsCompleted);
        held.ReleaseAll();
        Assert.Equal([before.Number + 1, before.Number + 2, before.Number + 3], (await Task.WhenAll(first, second, third)).Select(answer => answer.Value.Position.Number));
    }

    [Fact]
    public async Task What_a_crash_leaves_of_two_groups_is_none_or_the_first_or_both_and_later_groups_never_join_with_what_was_torn()
    {
        var held = new HeldSyncs();
        await using var log = await held.World.OpenAsync();
        using var atLast = held;
        await TryAppendAsync(log, Row(0));
        var answered = log.Committed.Number;
        var (first, second) = await TwoAsync(held, log);
        var found = new Dictionary<(bool First, bool Second), int>();
        for (var seed = 0ul; seed < 600; seed++)
        {
            var image = held.Files.CrashImage(new SeededRandom(seed));
            var scan = await ScanAsync(image);
            var whole = await WholeAsync(image, held.Files);
            found[whole] = found.GetValueOrDefault(whole) + 1;
            Assert.False(scan.FaultIsDamage, $"seed {seed}: {scan.Fault}");
            var kept = whole.First ? whole.Second ? 2u : 1u : 0u;
            Assert.Equal(answered + kept, scan.End.Position.Number);

            // What is written over the torn tail is as long as what stood there, so that a group left behind it would stand in line.
            var world = new LogWorld { Files = image, Options = held.World.Options };
            await using (var crashed = await world.StartAsync())
            {
                Assert.Equal(answered + kept, crashed.Found.End.Position.Number);
                Assert.True((await crashed.OpenAsync(Epoch(2), false, Cancel)).Succeeded);
                await TryAppendAsync(crashed, Row(9));
                for (var again = 0ul; again < 3; again++)
                {
                    await using var twice = await new LogWorld { Files = image.CrashImage(new SeededRandom(again)), Options = world.Options }.StartAsync();
                    Assert.Equal(crashed.Committed, twice.Found.End.Position);
                    Assert.Null(twice.Found.TornTail);
                }
            }

            Assert.Empty((await world.InspectAsync()).Damage);
        }

        Assert.True(found.GetValueOrDefault((false, true)) > 10, $"too few images hold a whole group behind a torn one: {string.Join(' ', found)}");
        Assert.True(found.GetValueOrDefault((true, false)) > 10, "too few images hold a torn group behind a whole one");
        held.ReleaseAll();
        await Task.WhenAll(first, second);
    }

    [Fact]
    public async Task A_flipped_bit_in_a_group_that_a_later_one_says_was_durable_is_damage()
    {
        var held = new HeldSyncs();
        await using var log = await held.World.OpenAsync();
        using var atLast = held;
        var place = (await ScanAsync(held.Files)).EndOffset;
        for (var i = 0; i < 4; i++)
        {
            var (first, second) = await TwoAsync(held, log);
            held.ReleaseAll();
            await Task.WhenAll(first, second);
        }

        var (last, verylast) = await TwoAsync(held, log);
        var vouched = (await held.World.InspectAsync()).DurableBytes;
        Assert.True(vouched > place + 8 * 512);
        for (var at = place; at < vouched; at += 11)
        {
            held.Files.FlipBit(SegmentPath(1), at, (int)(at % 8));
            var seen = await held.World.InspectAsync();
            Assert.True(seen.Damage.Count > 0 || seen.End.Position.Number == log.Durable.Number + 2, $"a bit at {at} cut the log to {seen.End.Position}");
            held.Files.FlipBit(SegmentPath(1), at, (int)(at % 8));
        }

        // The two that are on their way vouch for nothing of each other.
        held.Files.FlipBit(SegmentPath(1), vouched + 200, 1);
        var torn = await held.World.InspectAsync();
        Assert.Empty(torn.Damage);
        Assert.Equal(log.Durable, torn.End.Position);
        Assert.NotNull(torn.TornTail);
        held.Files.FlipBit(SegmentPath(1), vouched + 200, 1);
        held.ReleaseAll();
        await Task.WhenAll(last, verylast);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(64)]
    [InlineData(700)]
    [InlineData(2000)]
    public async Task A_refused_write_beside_a_group_that_syncs_harms_neither_that_nor_is_ever_read_back(int taken)
    {
        var held = new HeldSyncs();
        var log = await held.World.OpenAsync();
        using var atLast = held;
        held.Hold();
        var first = TryAppendAsync(log, Row(1));
        await held.UntilAsync(1);
        held.Tapped.RefuseFirst(1000, taken);
        var refused = TryAppendAsync(log, Row(2));

        // What undoes it is synced too.
        await held.UntilAsync(2);
        Assert.False(refused.IsCompleted);
        held.Release(1);
        Assert.Equal(FailureCode.QuotaExceeded, (await refused).Failure?.Code);
        Assert.False(first.IsCompleted);
        for (var seed = 0ul; seed < 20; seed++)
        {
            await using var crashed = await new LogWorld { Files = held.Files.CrashImage(new SeededRandom(seed)) }.OpenAsync();
            Assert.DoesNotContain(await RecordsAsync(crashed), record => record.Payload.Span.SequenceEqual(Row(2)));
        }

        held.ReleaseAll();
        Assert.True((await first).Succeeded);
        Assert.True((await TryAppendAsync(log, Row(3))).Succeeded);
        await log.DisposeAsync();
        await using var again = await held.World.OpenAsync();
        Assert.Equal([Row(1), Row(3)], (await RecordsAsync(again)).Where(record => record.Kind == LogWorld.Row).Select(record => record.Payload.ToArray()));
    }

    [Theory]
    [InlineData(0, 0)]
    [InlineData(0, 1)]
    [InlineData(1, 0)]
    [InlineData(1, 1)]
    public async Task A_failed_sync_of_either_ends_the_log_and_nothing_is_answered_that_a_crash_may_take(int failing, int released)
    {
        var held = new HeldSyncs();
        var log = await held.World.OpenAsync();
        using var atLast = held;
        var (first, second) = await TwoAsync(held, log);
        var syncs = 0;
        held.Files.Faults.Sync = _ => syncs++ == failing ? SyncFate.Failed : SyncFate.Honest;
        held.Release(released);
        await Until(() => syncs == 1);
        held.ReleaseAll();
        Assert.IsType<FailedSyncException>(await log.Death);
        var answers = new[] { await AnsweredAsync(first), await AnsweredAsync(second) };
        await log.DisposeAsync();
        Assert.False(answers[1]);
        for (var seed = 0ul; seed < 60; seed++)
        {
            await using var crashed = await new LogWorld { Files = held.Files.CrashImage(new SeededRandom(seed)) }.OpenAsync();
            var rows = (await RecordsAsync(crashed)).Count(record => record.Kind == LogWorld.Row);
            Assert.True(rows > 0 || !answers[0], $"seed {seed}: what was answered is gone");
        }

        // Without a crash both may be in the page cache alone: what a start shows is on the disk then.
        held.Files.Faults.Sync = _ => SyncFate.Honest;
        await using var again = await held.World.OpenAsync();
        var shown = await RecordsAsync(again);
        for (var seed = 0ul; seed < 20; seed++)
        {
            await using var crashed = await new LogWorld { Files = held.Files.CrashImage(new SeededRandom(seed)) }.OpenAsync();
            Assert.Equal(shown.Select(record => record.Header), (await RecordsAsync(crashed)).Take(shown.Count).Select(record => record.Header));
        }
    }

    [Fact]
    public async Task Who_wants_the_files_for_something_else_gets_them_while_large_groups_go_on()
    {
        var held = new HeldSyncs();
        await using var log = await held.World.OpenAsync();
        using var atLast = held;
        var (first, second) = await TwoAsync(held, log);
        var announced = log.CutAtNextStartAsync(log.Durable, new InvalidOperationException("the test is over"), Cancel).AsTask();
        held.ReleaseAll();
        Assert.True((await announced).Succeeded);
        Assert.All(await Task.WhenAll(first, second), appended => Assert.True(appended.Succeeded));
    }

    [Fact]
    public async Task The_front_moves_beside_groups_that_are_written()
    {
        var held = new HeldSyncs();
        await using var log = await held.World.OpenAsync();
        using var atLast = held;
        for (var i = 0; i < 300; i++)
        {
            await AppendAsync(log, Encoding.UTF8.GetString(Row(i)));
        }

        held.Hold();
        var moved = log.TruncateFrontAsync(new(Channel, 150), Cancel).AsTask();
        await held.UntilAsync(1);
        var first = TryAppendAsync(log, Row(1));
        await held.UntilAsync(2);
        held.Release(1);
        Assert.True((await first).Succeeded);
        Assert.False(moved.IsCompleted);

        var second = TryAppendAsync(log, Row(2));
        await held.UntilAsync(2);
        held.Release(0);
        Assert.True((await moved).Succeeded);
        Assert.InRange(log.Front.Number, 50ul, 150ul);
        held.ReleaseAll();
        Assert.True((await second).Succeeded);
    }

    [Fact]
    public async Task Small_records_wait_for_the_group_on_its_way_and_share_the_next_sync()
    {
        var held = new HeldSyncs();
        var world = new LogWorld { Files = held.Files, Seen = held.Tapped, Options = held.World.Options with { GroupBytesBeside = 4000 } };
        await using var log = await world.OpenAsync();
        using var atLast = held;
        held.Hold();
        var first = TryAppendAsync(log, Row(1));
        await held.UntilAsync(1);
        var others = Enumerable.Range(2, 3).Select(i => TryAppendAsync(log, [(byte)i])).ToList();
        held.Release(0);
        await first;
        await held.UntilAsync(1);
        held.ReleaseAll();
        await Task.WhenAll(others);
        var groups = (await ScanAsync(held.Files)).Groups;
        Assert.Equal(3, groups.Count);
    }

    /// <summary>Writes two groups and holds both syncs.</summary>
    private static async Task<(Task<Result<Appended>> First, Task<Result<Appended>> Second)> TwoAsync(HeldSyncs held, FileLog log)
    {
        held.Hold();
        var first = TryAppendAsync(log, Row(1));
        await held.UntilAsync(1);
        var second = TryAppendAsync(log, Row(2));
        await held.UntilAsync(2);
        return (first, second);
    }

    private static byte[] Row(int number) => Encoding.UTF8.GetBytes($"row {number} " + new string('x', 700));

    /// <summary>Which of the two last groups are whole in an image, byte by byte.</summary>
    private static async Task<(bool First, bool Second)> WholeAsync(MemoryFileSystem image, MemoryFileSystem live)
    {
        var (there, should) = (await ContentAsync(image), await ContentAsync(live));
        var groups = SegmentScan.Of(should, SegmentHeader.Read(should)!.Value).Groups;
        bool Same(int index)
        {
            var group = GroupHeader.Read(should.AsSpan((int)groups[index].Offset))!.Value;
            var bytes = (int)(GroupHeader.Bytes + group.BodyBytes);
            return there.AsSpan((int)group.Offset, bytes).SequenceEqual(should.AsSpan((int)group.Offset, bytes));
        }

        return (Same(groups.Count - 2), Same(groups.Count - 1));
    }

    private static async Task<SegmentScan> ScanAsync(MemoryFileSystem files)
    {
        var bytes = await ContentAsync(files);
        return SegmentScan.Of(bytes, SegmentHeader.Read(bytes)!.Value);
    }

    private static async Task<byte[]> ContentAsync(MemoryFileSystem files)
    {
        await using var file = (await files.OpenAsync(SegmentPath(1), FileIntent.Read, Cancel))!;
        var bytes = new byte[await file.LengthAsync(Cancel)];
        await file.ReadAsync(0, bytes, Cancel);
        return bytes;
    }

    private static async Task<bool> AnsweredAsync(Task<Result<Appended>> append)
    {
        try
        {
            return (await append).Succeeded;
        }
        catch (LogDeadException)
        {
            return false;
        }
    }

    private static async Task Until(Func<bool> reached)
    {
        while (!reached())
        {
            await Task.Delay(1);
        }
    }
}
