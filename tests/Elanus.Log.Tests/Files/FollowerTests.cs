using System.Text;
using Elanus.Primitives;
using static Elanus.Log.Tests.LogWorld;

namespace Elanus.Log.Tests;

/// <summary>What replication will stand on: records taken verbatim, a commit position from outside, cuts.</summary>
public sealed class FollowerTests
{
    private static readonly CancellationToken Cancel = CancellationToken.None;

    private static readonly FileLogOptions Small = new() { SegmentBytes = 4 * 1024, MarkAfterIdleMs = 0 };

    [Fact]
    public async Task Records_taken_verbatim_are_the_same_log_whatever_the_batches()
    {
        var active = await ActiveAsync(20);
        var records = await RecordsAsync(active);
        var follower = new LogWorld { Options = Small with { CommitsAlone = false } };
        await using (var log = await follower.StartAsync())
        {
            foreach (var batch in records.Chunk(3))
            {
                var durable = await log.AppendVerbatimAsync(batch, Cancel);
                Assert.Equal(batch[^1].Position, durable.Value);
            }

            Assert.Equal(0ul, log.Committed.Number);
            log.AdvanceCommitted(new(Channel, 10));
            Assert.Equal(Headers(records.Take(10)), Headers(await RecordsAsync(log)));
            Assert.Throws<InvariantBrokenException>(() => log.AdvanceCommitted(records[^1].Position.Next));
            Assert.Equal(active.Chain.Fences.ToList(), log.Chain.Fences.ToList());
        }

        await using var again = await follower.With(follower.Files).StartAsync();
        Assert.Equal(records[^1].Position, again.Durable);
        again.AdvanceCommitted(again.Durable);
        Assert.Equal(Headers(records), Headers(await RecordsAsync(again)));
    }

    [Fact]
    public async Task Records_that_do_not_follow_are_refused_as_a_whole()
    {
        var active = await ActiveAsync(5);
        var records = await RecordsAsync(active);
        await using var log = await new LogWorld { Options = Small with { CommitsAlone = false } }.StartAsync();
        Assert.Contains("record 2 follows record 0", (await log.AppendVerbatimAsync(records[1..], Cancel)).Failure!.Sentence, StringComparison.Ordinal);
        var bad = records[3] with { Payload = Encoding.UTF8.GetBytes("other") };
        Assert.Contains("checksum", (await log.AppendVerbatimAsync([.. records[..3], bad], Cancel)).Failure!.Sentence, StringComparison.Ordinal);
        Assert.Equal(0ul, log.Durable.Number);
        Assert.Equal(4ul, (await log.AppendVerbatimAsync(records[..4], Cancel)).Value.Number);
        Assert.False((await log.AppendVerbatimAsync(records[..4], Cancel)).Succeeded);
    }

    [Fact]
    public async Task An_owner_that_does_not_commit_alone_answers_when_it_is_told()
    {
        await using var log = await new LogWorld { Options = Small with { CommitsAlone = false } }.StartAsync();
        var opening = log.OpenAsync(Epoch(1), false, Cancel).AsTask();
        await DurableAsync(log, 2);
        Assert.False(opening.IsCompleted);
        log.AdvanceCommitted(new(Channel, 2));
        Assert.True((await opening).Succeeded);
        var first = AppendAsync(log, "a");
        await DurableAsync(log, 3);
        var second = AppendAsync(log, "b");
        await DurableAsync(log, 4);
        log.AdvanceCommitted(new(Channel, 3));
        Assert.Equal(3ul, (await first).Position.Number);
        Assert.False(second.IsCompleted);
        log.AdvanceCommitted(new(Channel, 4));
        Assert.Equal(4ul, (await second).Position.Number);
    }

    [Fact]
    public async Task A_cut_anywhere_leaves_the_prefix_and_another_history_can_follow()
    {
        var active = await ActiveAsync(12);
        var records = await RecordsAsync(active);
        var (other, tail) = await ForkAsync(records);
        for (var end = 0; end <= records.Count; end++)
        {
            var world = new LogWorld { Options = Small with { CommitsAlone = false } };
            await using (var log = await world.StartAsync())
            {
                foreach (var batch in records.Chunk(4))
                {
                    await log.AppendVerbatimAsync(batch, Cancel);
                }

                Assert.True((await log.CutAsync(new(Channel, (ulong)end), Cancel)).Succeeded);
                Assert.Equal((ulong)end, log.Durable.Number);
                if (end == other)
                {
                    Assert.True((await log.AppendVerbatimAsync(tail, Cancel)).Succeeded);
                }
            }

            await using var again = await world.With(world.Files).StartAsync();
            again.AdvanceCommitted(again.Durable);
            var expected = records.Take(end).Concat(end == other ? tail : []);
            Assert.Equal(Headers(expected), Headers(again.Durable.Number == 0 ? [] : await RecordsAsync(again)));
            Assert.Null(again.Found.TornTail);
        }
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_cut_within_a_group_that_is_larger_than_a_segment_leaves_the_part_before_it(bool atNextStart)
    {
        var records = await RecordsAsync(await ActiveAsync(60));
        var world = new LogWorld { Options = Small with { CommitsAlone = false } };
        await using var log = await world.StartAsync();
        Assert.True((await log.AppendVerbatimAsync(records, Cancel)).Succeeded);
        var last = new LogPosition(Channel, 50);
        Assert.True((atNextStart ? await log.CutAtNextStartAsync(last, new IOException("forced"), Cancel) : await log.CutAsync(last, Cancel)).Succeeded);
        await log.DisposeAsync();
        await using var again = await world.With(world.Files).StartAsync();
        Assert.Equal(last, again.Durable);
        again.AdvanceCommitted(last);
        Assert.Equal(Headers(records.Take(50)), Headers(await RecordsAsync(again)));
    }

    [Fact]
    public async Task An_announced_cut_is_done_by_a_start_on_a_disk_that_is_nearly_full_and_is_known_until_it_is_forgotten()
    {
        var records = await RecordsAsync(await ActiveAsync(12));
        var world = new LogWorld { Options = new() { SegmentBytes = 1 << 20, CommitsAlone = false } };
        await using var log = await world.StartAsync();
        Assert.True((await log.AppendVerbatimAsync(records, Cancel)).Succeeded);
        var last = new LogPosition(Channel, 5);
        Assert.True((await log.CutAtNextStartAsync(last, new IOException("forced"), Cancel)).Succeeded);
        await log.DisposeAsync();
        world.Files.Faults.CapacityBytes = world.Files.UsedBytes + (64 << 10);
        for (var start = 0; start < 2; start++)
        {
            await using var again = await world.With(world.Files).StartAsync();
            Assert.Equal((last, last.Number), (again.Durable, again.Found.LastCut));
            Assert.True(start == 0 || (await again.ForgetCutAsync(Cancel)).Succeeded);
        }

        await using var after = await world.With(world.Files).StartAsync();
        Assert.Null(after.Found.LastCut);
        after.AdvanceCommitted(last);
        Assert.Equal(Headers(records.Take(5)), Headers(await RecordsAsync(after)));
    }

    [Fact]
    public async Task A_cut_that_a_crash_interrupts_is_done_or_not_begun()
    {
        var active = await ActiveAsync(12);
        var records = await RecordsAsync(active);
        var outcomes = new HashSet<ulong>();
        foreach (var end in new[] { 3ul, 8ul, 10ul })
        {
            var files = new MemoryFileSystem();
            var tapped = new TappedFileSystem(files);
            var world = new LogWorld { Files = files, Seen = tapped, Options = Small with { CommitsAlone = false } };
            await using var log = await world.StartAsync();
            foreach (var batch in records.Chunk(4))
            {
                await log.AppendVerbatimAsync(batch, Cancel);
            }

            var seed = end * 1000;
            var images = new List<MemoryFileSystem>();
            tapped.Changed = () => images.AddRange(Enumerable.Range(0, 6).Select(_ => files.CrashImage(new SeededRandom(seed++))));
            Assert.True((await log.CutAsync(new(Channel, end), Cancel)).Succeeded);
            tapped.Changed = () => { };
            foreach (var image in images)
            {
                await using var crashed = await new LogWorld { Files = image, Options = world.Options }.StartAsync();
                Assert.Contains(crashed.Durable.Number, new[] { end, records[^1].Position.Number });
                crashed.AdvanceCommitted(crashed.Durable);
                Assert.Equal(Headers(records.Take((int)crashed.Durable.Number)), Headers(await RecordsAsync(crashed)));
                outcomes.Add(crashed.Durable.Number);
            }
        }

        Assert.Equal(4, outcomes.Count);
    }

    [Fact]
    public async Task A_reader_goes_on_across_a_cut_behind_it()
    {
        var active = await ActiveAsync(12);
        var records = await RecordsAsync(active);
        var (fork, tail) = await ForkAsync(records);
        await using var log = await new LogWorld { Options = Small with { CommitsAlone = false } }.StartAsync();
        await log.AppendVerbatimAsync(records, Cancel);
        log.AdvanceCommitted(new(Channel, 4));
        await using var reader = log.Read(new(Channel, 1)).Value;
        Assert.Equal(4, (await reader.NextAsync(Cancel)).Value.Count);
        await log.CutAsync(new(Channel, (ulong)fork), Cancel);
        await log.AppendVerbatimAsync(tail, Cancel);
        log.AdvanceCommitted(log.Durable);
        var rest = new List<RecordHeader>();
        while (reader.Next <= log.Committed)
        {
            rest.AddRange(Headers((await reader.NextAsync(Cancel)).Value));
        }

        Assert.Equal(Headers(records[4..fork].Concat(tail)), rest);
        await Assert.ThrowsAsync<InvariantBrokenException>(async () => await log.CutAsync(new(Channel, 2), Cancel));
    }

    [Fact]
    public async Task A_log_that_ends_while_it_is_cut_writes_no_mark_beside_the_cut()
    {
        var records = await RecordsAsync(await ActiveAsync(12));
        var files = new MemoryFileSystem();
        var tapped = new TappedFileSystem(files);
        var world = new LogWorld { Files = files, Seen = tapped, Options = new() { SegmentBytes = 64 * 1024, CommitsAlone = false, MarkAfterIdleMs = 1_000_000 } };
        var log = await world.StartAsync();
        await log.AppendVerbatimAsync(records[..4], Cancel);
        await log.AppendVerbatimAsync(records[4..], Cancel);
        var (opened, reached, go) = (0, new TaskCompletionSource(), new TaskCompletionSource());
        tapped.BeforeOpen = path =>
        {
            // The next segment is open for one of two groups, and where the first of them goes is not known yet.
            if (opened++ == 1)
            {
                reached.SetResult();
                return go.Task;
            }

            return Task.CompletedTask;
        };
        var cut = log.CutAsync(new(Channel, 8), Cancel).AsTask();
        await reached.Task;
        var small = 0;
        tapped.Refusal = (_, bytes) =>
        {
            small += bytes == GroupHeader.Bytes ? 1 : 0;
            return null;
        };
        log.End(new IOException("the epoch is over"));
        for (var turns = 0; turns < 1000; turns++)
        {
            await Task.Yield();
        }

        Assert.Equal(0, small);
        go.SetResult();
        Assert.True((await cut).Succeeded);
        await log.DisposeAsync();
        Assert.Empty((await world.InspectAsync()).Damage);
        await using var again = await new LogWorld { Files = files, Options = world.Options }.StartAsync();
        Assert.Equal(8ul, again.Durable.Number);
        Assert.Null(again.Found.TornTail);
    }

    [Fact]
    public async Task A_promise_that_is_kept_while_the_log_is_cut_is_kept()
    {
        var records = await RecordsAsync(await ActiveAsync(12));
        var files = new MemoryFileSystem();
        var tapped = new TappedFileSystem(files);
        await using var log = await new LogWorld { Files = files, Seen = tapped, Options = Small with { CommitsAlone = false } }.StartAsync();
        await log.AppendVerbatimAsync(records, Cancel);
        var (reached, go) = (new TaskCompletionSource(), new TaskCompletionSource());
        tapped.BeforeSync = () => reached.TrySetResult() ? go.Task : Task.CompletedTask;
        var keeping = new EpochPromise(Epoch(9), 3).KeepAsync(tapped, LogWorld.Directory, Cancel).AsTask();
        await reached.Task;
        Assert.True((await log.CutAsync(new(Channel, 8), Cancel)).Succeeded);
        go.SetResult();
        Assert.True((await keeping).Succeeded);
        Assert.Equal(new(Epoch(9), 3), await EpochPromise.LoadAsync(files.CrashImage(new SeededRandom(1)), LogWorld.Directory, Cancel));
    }

    [Fact]
    public async Task An_append_that_becomes_durable_after_the_log_has_ended_is_answered()
    {
        var held = new HeldSyncs();
        var world = new LogWorld { Files = held.Files, Seen = held.Tapped, Options = held.World.Options with { CommitsAlone = false } };
        await using var log = await world.StartAsync();
        using var atLast = held;
        var opening = log.OpenAsync(Epoch(1), false, Cancel).AsTask();
        await DurableAsync(log, 2);
        log.AdvanceCommitted(log.Durable);
        Assert.True((await opening).Succeeded);
        held.Hold();
        var append = TryAppendAsync(log, [1]);
        await held.UntilAsync(1);
        log.End(new IOException("the epoch is over"));
        held.ReleaseAll();
        await Assert.ThrowsAsync<LogDeadException>(() => append.WaitAsync(TimeSpan.FromSeconds(20)));
    }

    /// <summary>Another history: the first half of these records, then a new epoch of its own.</summary>
    private static async Task<(int Shared, List<LogRecord> Tail)> ForkAsync(List<LogRecord> records)
    {
        var shared = records.Count / 2;
        var world = new LogWorld { Options = Small };
        await using var log = await world.StartAsync();
        await log.AppendVerbatimAsync(records[..shared], Cancel);
        await log.OpenAsync(Epoch(9), false, Cancel);
        await AppendAsync(log, "elsewhere");
        return (shared, (await RecordsAsync(log))[shared..]);
    }

    private static async Task<FileLog> ActiveAsync(int rows)
    {
        var log = await new LogWorld { Options = Small }.OpenAsync();
        for (var i = 0; i < rows; i++)
        {
            await AppendAsync(log, $"{i} {new string('x', i * 50)}");
        }

        return log;
    }

    private static IEnumerable<RecordHeader> Headers(IEnumerable<LogRecord> records) => records.Select(record => record.Header);

    private static async Task DurableAsync(FileLog log, ulong position)
    {
        while (log.Durable.Number < position)
        {
            await Task.Yield();
        }
    }
}
