using Elanus.Primitives;
using static Elanus.Log.Tests.LogWorld;

namespace Elanus.Log.Tests;

/// <summary>A log that others are sent: what it tells its watcher, and what it hands out.</summary>
public sealed class WatchedLogTests
{
    private static readonly CancellationToken Cancel = CancellationToken.None;

    [Theory]
    [InlineData(32 << 20)]
    [InlineData(2000)]
    [InlineData(0)]
    public async Task What_is_handed_out_is_the_log_from_memory_and_from_files_alike(long tailBytes)
    {
        var watcher = new Watching();
        var world = new LogWorld { Options = new() { SegmentBytes = 16 * 1024, MarkAfterIdleMs = 0, TailBytesMax = tailBytes }, Watcher = watcher };
        await using var log = await world.OpenAsync();
        for (var i = 0; i < 50; i++)
        {
            Assert.True((await TryAppendAsync(log, new byte[i * 7], new byte[5000 * (i % 3)])).Succeeded);
        }

        var expected = await RecordsAsync(log);
        for (var from = 1ul; from <= log.Durable.Number; from += 9)
        {
            var handed = new List<LogRecord>();
            while (from + (ulong)handed.Count <= log.Durable.Number)
            {
                var batch = (await log.ReadWrittenAsync(new(Channel, from + (ulong)handed.Count), Cancel)).Value!.Value;
                var records = RecordBatch.Parse(batch.Bytes).Value;
                Assert.Equal((batch.First, batch.Last), (records[0].Position, records[^1].Position));
                handed.AddRange(records);
            }

            var same = expected.Skip((int)from - 1).ToList();
            Assert.Equal(same.Select(record => record.Header), handed.Select(record => record.Header));
            Assert.All(same.Zip(handed), pair => Assert.Equal(pair.First.Payload.ToArray(), pair.Second.Payload.ToArray()));
        }

        Assert.Null((await log.ReadWrittenAsync(log.Durable.Next, Cancel)).Value);
        Assert.Equal(watcher.WrittenTo, watcher.DurableTo);
        Assert.Equal(log.Durable, watcher.DurableTo);
    }

    [Theory]
    [InlineData(32 << 20)]
    [InlineData(2000)]
    [InlineData(0)]
    public async Task A_reader_that_keeps_up_reads_memory_and_one_that_falls_behind_files_and_both_the_same(long tailBytes)
    {
        var files = new MemoryFileSystem();
        var counted = new CountingFileSystem(files, TimeProvider.System);
        var world = new LogWorld
        {
            Files = files,
            Seen = counted,
            Options = new() { SegmentBytes = 16 * 1024, MarkAfterIdleMs = 0, TailBytesMax = tailBytes },
            Watcher = new Watching(),
        };
        await using var log = await world.OpenAsync();
        var first = log.Committed.Next;
        await using var near = log.Read(first).Value;
        await using var far = log.Read(first).Value;
        var written = new List<byte[]>();
        var (nearby, behind) = (new List<byte[]>(), new List<byte[]>());
        var reads = counted.Reads;
        for (var i = 0; i < 60; i++)
        {
            written.Add([.. Enumerable.Range(0, 1 + (i * 37 % 900)).Select(at => (byte)(at + i))]);
            Assert.True((await TryAppendAsync(log, written[^1])).Succeeded);
            await Take(near, nearby);
        }

        Assert.Equal(written, nearby);
        Assert.Equal(reads, counted.Reads);

        // From files into memory, and on behind what is written then.
        while (behind.Count < written.Count)
        {
            await Take(far, behind);
            if (written.Count < 90)
            {
                written.Add([.. Enumerable.Range(0, 300).Select(at => (byte)(at ^ written.Count))]);
                Assert.True((await TryAppendAsync(log, written[^1])).Succeeded);
            }
        }

        Assert.Equal(written, behind);
        Assert.Equal(tailBytes > 2000, counted.Reads == reads);
    }

    private static async Task Take(ILogReader reader, List<byte[]> into) =>
        into.AddRange((await reader.NextAsync(Cancel)).Value.Select(record => record.Payload.ToArray()));

    [Fact]
    public async Task A_record_is_handed_out_before_it_is_durable_here_and_before_it_is_committed()
    {
        var watcher = new Watching();
        var files = new MemoryFileSystem();
        var world = new LogWorld { Files = files, Options = new() { MarkAfterIdleMs = 0, CommitsAlone = false }, Watcher = watcher };
        await using var log = await world.StartAsync();
        watcher.OnWritten = end => Assert.True(end > log.Durable);
        var opening = log.OpenAsync(Epoch(1), false, Cancel).AsTask();
        await watcher.Reached(2);

        var batch = (await log.ReadWrittenAsync(new(Channel, 1), Cancel)).Value!.Value;
        Assert.Equal(1ul, batch.First.Number);
        Assert.False(opening.IsCompleted);
        log.AdvanceCommitted(log.Durable);
        await opening;
    }

    [Fact]
    public async Task A_group_that_is_not_durable_yet_is_handed_out_however_much_was_written_behind_it()
    {
        var held = new HeldSyncs();
        var world = new LogWorld { Files = held.Files, Seen = held.Tapped, Options = held.World.Options with { TailBytesMax = 2000 }, Watcher = new Watching() };
        await using var log = await world.OpenAsync();
        using var atLast = held;
        held.Hold();
        var next = log.Durable.Next;
        var first = TryAppendAsync(log, new byte[3000]);
        await held.UntilAsync(1);
        var second = TryAppendAsync(log, new byte[3000]);
        await held.UntilAsync(2);
        Assert.Equal(next, (await log.ReadWrittenAsync(next, Cancel)).Value?.Last);
        Assert.Equal(next.Next, (await log.ReadWrittenAsync(next.Next, Cancel)).Value?.Last);
        held.ReleaseAll();
        await Task.WhenAll(first, second);
    }

    [Fact]
    public async Task What_a_full_disk_refused_is_never_handed_out()
    {
        var watcher = new Watching();
        var files = new MemoryFileSystem();
        var tapped = new TappedFileSystem(files);
        await using var log = await new LogWorld { Files = files, Seen = tapped, Watcher = watcher }.OpenAsync();
        var before = watcher.WrittenTo;
        tapped.RefuseFirst(1000, taken: 100);
        Assert.Equal(FailureCode.QuotaExceeded, (await TryAppendAsync(log, new byte[1000])).Failure?.Code);
        Assert.Equal(before, watcher.WrittenTo);
        Assert.Null((await log.ReadWrittenAsync(before.Next, Cancel)).Value);
    }

    [Fact]
    public async Task After_a_cut_only_the_new_history_is_handed_out()
    {
        var source = new LogWorld();
        await using var active = await source.OpenAsync();
        await AppendAsync(active, "a");
        await AppendAsync(active, "b");
        var records = await RecordsAsync(active);

        var world = new LogWorld { Options = new() { MarkAfterIdleMs = 0, CommitsAlone = false }, Watcher = new Watching() };
        await using var follower = await world.StartAsync();
        await follower.AppendVerbatimAsync(records, Cancel);
        Assert.True((await follower.CutAsync(new(Channel, 3), Cancel)).Succeeded);
        Assert.Null((await follower.ReadWrittenAsync(new(Channel, 4), Cancel)).Value);
        Assert.Equal(3ul, (await follower.ReadWrittenAsync(new(Channel, 3), Cancel)).Value!.Value.Last.Number);
    }

    [Theory]
    [InlineData(3)]
    [InlineData(70)]
    public async Task Bytes_that_are_no_batch_are_refused(int cut)
    {
        await using var log = await new LogWorld().OpenAsync();
        await AppendAsync(log, "row");
        var batch = RecordBatch.Of(await RecordsAsync(log));
        Assert.False(RecordBatch.Parse(batch.Bytes[..cut]).Succeeded);

        var flipped = batch.Bytes.ToArray();
        flipped[cut] ^= 1;
        var parsed = RecordBatch.Parse(flipped);
        if (parsed.Succeeded)
        {
            // Within a payload: whoever takes the records finds it.
            await using var follower = await new LogWorld { Options = new() { CommitsAlone = false } }.StartAsync();
            Assert.Contains("checksum", (await follower.AppendVerbatimAsync(parsed.Value, Cancel)).Failure!.Sentence, StringComparison.Ordinal);
        }
    }

    private sealed class Watching : ILogWatcher
    {
        private readonly Lock gate = new();
        private readonly List<(ulong Number, TaskCompletionSource Reached)> waiting = [];

        public LogPosition WrittenTo { get; private set; } = LogPosition.Start(Channel);

        public LogPosition DurableTo { get; private set; } = LogPosition.Start(Channel);

        public Action<LogPosition>? OnWritten { get; set; }

        public void Written(LogPosition end)
        {
            Assert.True(end > WrittenTo);
            WrittenTo = end;
            OnWritten?.Invoke(end);
        }

        public void Durable(LogPosition end)
        {
            lock (gate)
            {
                DurableTo = end;
                waiting.Where(w => w.Number <= end.Number).ToList().ForEach(w => w.Reached.TrySetResult());
            }
        }

        public Task Reached(ulong number)
        {
            lock (gate)
            {
                var reached = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
                waiting.Add((number, reached));
                if (DurableTo.Number >= number)
                {
                    reached.SetResult();
                }

                return reached.Task.WaitAsync(TimeSpan.FromSeconds(20));
            }
        }
    }
}
