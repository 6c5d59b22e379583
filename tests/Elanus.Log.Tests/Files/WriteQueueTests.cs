using Elanus.Primitives;
using static Elanus.Log.Tests.LogWorld;

namespace Elanus.Log.Tests;

public sealed class WriteQueueTests
{
    private static readonly CancellationToken Cancel = CancellationToken.None;

    [Fact]
    public async Task Beyond_the_bound_appends_wait_and_are_refused_when_their_patience_ends()
    {
        await using var held = await HeldLog.StartAsync(new() { QueueRecordsMax = 2, QueueBytesMax = 100_000 });
        var admitted = held.Append(3);
        var impatient = await held.Log.AppendAsync(Row, [], TimeSpan.Zero, Cancel);
        Assert.Equal(FailureCode.TooManyRequests, impatient.Failure?.Code);
        var waited = await held.Log.AppendAsync(Row, [], TimeSpan.FromMilliseconds(20), Cancel);
        Assert.Equal(FailureCode.TooManyRequests, waited.Failure?.Code);
        Assert.Contains("20 ms", waited.Failure!.Sentence, StringComparison.Ordinal);
        var patient = held.Append(1);
        held.Release();
        Assert.All(await Task.WhenAll(admitted.Concat(patient)), appended => Assert.True(appended.Succeeded));
        Assert.Equal(4, (await RowsAsync(held.Log)).Count);
    }

    [Fact]
    public async Task Bytes_are_bounded_too_but_one_record_is_always_let_in()
    {
        await using var held = await HeldLog.StartAsync(new() { QueueBytesMax = 1000 });
        var large = held.Log.AppendAsync(Row, [new byte[5000]], TimeSpan.Zero, Cancel).AsTask();
        var second = await held.Log.AppendAsync(Row, [new byte[10]], TimeSpan.Zero, Cancel);
        Assert.Equal(FailureCode.TooManyRequests, second.Failure?.Code);
        held.Release();
        Assert.True((await large).Succeeded);
    }

    [Theory]
    [InlineData(2_000, 3)]
    [InlineData(100_000, 1)]
    public async Task Of_much_that_waits_a_half_is_left_for_the_next_group(long whole, int groups)
    {
        await using var held = await HeldLog.StartAsync(new() { GroupBytesWhole = whole });
        var appends = held.Append(8, bytes: 1_000);
        held.Release();
        await Task.WhenAll(appends);
        Assert.Equal(groups, held.SyncsSince);
    }

    [Fact]
    public async Task Who_waits_is_let_in_in_order()
    {
        await using var held = await HeldLog.StartAsync(new() { QueueRecordsMax = 1 });
        var appends = held.Append(10);
        held.Release();
        var positions = (await Task.WhenAll(appends)).Select(appended => appended.Value.Position.Number).ToList();
        Assert.Equal(positions.Order(), positions);
    }

    [Fact]
    public async Task The_line_is_bounded()
    {
        await using var held = await HeldLog.StartAsync(new() { QueueRecordsMax = 1, WaitingAppendsMax = 2 });
        var appends = held.Append(3);
        var refused = await held.Log.AppendAsync(Row, [], TimeSpan.FromMinutes(1), Cancel);
        Assert.Equal(FailureCode.TooManyRequests, refused.Failure?.Code);
        held.Release();
        Assert.All(await Task.WhenAll(appends), appended => Assert.True(appended.Succeeded));
    }

    [Fact]
    public async Task A_cancelled_wait_appends_nothing()
    {
        await using var held = await HeldLog.StartAsync(new() { QueueRecordsMax = 1 });
        var first = held.Append(1);
        using var source = new CancellationTokenSource();
        var waiting = held.Log.AppendAsync(Row, [], TimeSpan.FromMinutes(1), source.Token).AsTask();
        await source.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => waiting);
        held.Release();
        await Task.WhenAll(first);
        Assert.Single(await RowsAsync(held.Log));
    }

    [Fact]
    public async Task Closing_answers_what_was_let_in_and_refuses_what_waits()
    {
        var held = await HeldLog.StartAsync(new() { QueueRecordsMax = 1 });
        var appends = held.Append(2);
        var closing = held.Log.DisposeAsync().AsTask();
        held.Release();
        await closing;
        Assert.True((await appends[0]).Succeeded);
        await Assert.ThrowsAsync<ObjectDisposedException>(() => appends[1]);
    }

    /// <summary>A log whose disk is held in a sync, with one append inside, so that the queue fills behind it.</summary>
    private sealed class HeldLog(FileLog log, TaskCompletionSource held) : IAsyncDisposable
    {
        private int syncs;

        public FileLog Log => log;

        /// <summary>Behind the one that was held.</summary>
        public int SyncsSince => Volatile.Read(ref syncs) - 1;

        public static async Task<HeldLog> StartAsync(FileLogOptions options)
        {
            var tapped = new TappedFileSystem(new MemoryFileSystem());
            var log = await new LogWorld { Seen = tapped, Options = options }.OpenAsync();
            var entered = new TaskCompletionSource();
            var held = new TaskCompletionSource();
            var world = new HeldLog(log, held);
            tapped.BeforeSync = () =>
            {
                Interlocked.Increment(ref world.syncs);
                entered.TrySetResult();
                return held.Task;
            };
            _ = log.AppendAsync(new(999), [], TimeSpan.FromMinutes(1), Cancel).AsTask();
            await entered.Task;
            return world;
        }

        public List<Task<Result<Appended>>> Append(int count, int bytes = 0) =>
            [.. Enumerable.Range(0, count).Select(_ => log.AppendAsync(Row, [new byte[bytes]], TimeSpan.FromMinutes(1), Cancel).AsTask())];

        public void Release() => held.TrySetResult();

        public ValueTask DisposeAsync()
        {
            Release();
            return log.DisposeAsync();
        }
    }
}
