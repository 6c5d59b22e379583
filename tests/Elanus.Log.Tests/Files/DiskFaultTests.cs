using System.Text;
using Elanus.Primitives;
using static Elanus.Log.Tests.LogWorld;

namespace Elanus.Log.Tests;

public sealed class DiskFaultTests
{
    [Fact]
    public async Task A_full_disk_refuses_appends_keeps_reading_and_takes_them_again_when_there_is_room()
    {
        var world = new LogWorld { Options = new() { SegmentBytes = 64 * 1024 } };
        await using var filler = (await world.Files.CreateAsync("/filler", CancellationToken.None)).Value;
        await filler.AllocateAsync(1 << 20, CancellationToken.None);
        world.Files.Faults.CapacityBytes = (1 << 20) + 70 * 1024;
        await using var log = await world.OpenAsync();
        var kept = new List<string>();
        Failure? refusal = null;
        for (var i = 0; refusal is null; i++)
        {
            var appended = await TryAppendAsync(log, Encoding.UTF8.GetBytes($"{i} {new string('x', 5000)}"));
            refusal = appended.Failure;
            if (appended.Succeeded)
            {
                kept.Add($"{i} {new string('x', 5000)}");
            }
        }

        Assert.Equal(FailureCode.QuotaExceeded, refusal.Code);
        Assert.Contains("disk quota exceeded", refusal.ToString(), StringComparison.Ordinal);
        Assert.True(kept.Count > 5);
        Assert.Equal(kept, await RowsAsync(log));
        Assert.Equal(FailureCode.QuotaExceeded, (await TryAppendAsync(log, new byte[9000])).Failure?.Code);
        await filler.SetLengthAsync(0, CancellationToken.None);
        await AppendAsync(log, "room again");
        Assert.Equal([.. kept, "room again"], await RowsAsync(log));
        await log.DisposeAsync();
        await using var again = await world.OpenAsync();
        Assert.Equal([.. kept, "room again"], await RowsAsync(again));
    }

    [Fact]
    public async Task A_disk_too_small_for_a_segment_gets_a_smaller_one()
    {
        var world = new LogWorld { Options = new() { SegmentBytes = 64 << 20 } };
        world.Files.Faults.CapacityBytes = 3 << 20;
        await using var log = await world.OpenAsync();
        await AppendAsync(log, "fits");
        Assert.Equal(["fits"], await RowsAsync(log));
    }

    [Fact]
    public async Task A_disk_without_any_room_makes_no_log_and_later_does()
    {
        var world = new LogWorld();
        world.Files.Faults.CapacityBytes = 100;
        Assert.Equal(FailureCode.QuotaExceeded, (await world.TryStartAsync()).Failure?.Code);
        world.Files.Faults.CapacityBytes = 1 << 20;
        await using var log = await world.OpenAsync();
    }

    [Theory]
    [InlineData(0)]
    [InlineData(63)]
    [InlineData(64)]
    [InlineData(200)]
    [InlineData(512)]
    [InlineData(1500)]
    [InlineData(2000)]
    [InlineData(100_000)]
    public async Task A_write_that_was_refused_halfway_is_never_read_back(int taken)
    {
        var files = new MemoryFileSystem();
        var tapped = new TappedFileSystem(files);
        var world = new LogWorld { Files = files, Seen = tapped };
        var log = await world.OpenAsync();
        await AppendAsync(log, "before");
        tapped.RefuseFirst(1000, taken);
        Assert.Equal(FailureCode.QuotaExceeded, (await TryAppendAsync(log, new byte[1000])).Failure?.Code);
        for (var seed = 0ul; seed < 20; seed++)
        {
            await using var crashed = await new LogWorld { Files = files.CrashImage(new SeededRandom(seed)) }.OpenAsync();
            Assert.Equal(["before"], await RowsAsync(crashed));
        }

        await AppendAsync(log, "after");
        Assert.Equal(["before", "after"], await RowsAsync(log));
        await log.DisposeAsync();
        await using var again = await world.OpenAsync();
        Assert.Equal(["before", "after"], await RowsAsync(again));
    }

    [Fact]
    public async Task A_refused_write_that_cannot_be_undone_ends_the_log()
    {
        var files = new MemoryFileSystem();
        var tapped = new TappedFileSystem(files);
        await using var log = await new LogWorld { Files = files, Seen = tapped }.OpenAsync();
        tapped.Refusal = (_, _) => 100;
        await Assert.ThrowsAsync<LogDeadException>(() => TryAppendAsync(log, new byte[1000]));
        Assert.IsType<IOException>(await log.Death);
    }

    [Fact]
    public async Task A_failed_sync_at_any_moment_ends_the_log_and_loses_nothing_committed()
    {
        for (var failing = 0; ; failing++)
        {
            var world = new LogWorld { Options = new() { SegmentBytes = 4 * 1024, MarkAfterIdleMs = 0 } };
            var syncs = 0;
            var failed = false;
            var limit = failing;
            world.Files.Faults.Sync = _ => !failed && syncs++ == limit && (failed = true) ? SyncFate.Failed : SyncFate.Honest;
            var committed = await AppendUntilDeadAsync(world);
            if (!failed)
            {
                Assert.True(failing > 20);
                return;
            }

            // The page cache still shows what the disk refused; what this start shows must then really be on the disk.
            await using var log = await world.OpenAsync();
            var shown = await RowsAsync(log);
            Assert.Equal(committed, shown.Take(committed.Count));
            for (var seed = 0ul; seed < 5; seed++)
            {
                await using var crashed = await new LogWorld { Files = world.Files.CrashImage(new SeededRandom(seed)) }.OpenAsync();
                Assert.Equal(shown, await RowsAsync(crashed));
            }
        }
    }

    [Fact]
    public async Task A_disk_that_lies_about_syncs_is_found_out_or_leaves_a_prefix()
    {
        var foundOut = 0;
        for (var seed = 0ul; seed < 60; seed++)
        {
            var world = new LogWorld { Options = new() { SegmentBytes = 4 * 1024, MarkAfterIdleMs = 0 } };
            var lies = new SeededRandom(seed);
            await using var log = await world.OpenAsync();
            world.Files.Faults.Sync = _ => lies.NextUInt64() % 4 == 0 ? SyncFate.Lost : SyncFate.Honest;
            var written = new List<string>();
            for (var i = 0; i < 12; i++)
            {
                written.Add($"{i} " + new string('x', 700));
                await AppendAsync(log, written[^1]);
            }

            try
            {
                await using var crashed = await new LogWorld { Files = world.Files.CrashImage(new SeededRandom(seed)) }.OpenAsync();
                var left = await RowsAsync(crashed);
                Assert.Equal(written.Take(left.Count), left);
            }
            catch (LogDamagedException)
            {
                foundOut++;
            }
        }

        Assert.InRange(foundOut, 5, 55);
    }

    /// <summary>Appends until a fault ends the log, or forty rows stand; the rows that were answered.</summary>
    private static async Task<List<string>> AppendUntilDeadAsync(LogWorld world)
    {
        var committed = new List<string>();
        try
        {
            await using var log = await world.OpenAsync();
            for (var i = 0; i < 12; i++)
            {
                var row = $"{i} " + new string('x', 900);
                await AppendAsync(log, row);
                committed.Add(row);
            }

            await log.TruncateFrontAsync(new(Channel, 1), CancellationToken.None);
        }
        catch (Exception fault) when (fault is FailedSyncException or LogDeadException)
        {
            return committed;
        }

        return committed;
    }
}
