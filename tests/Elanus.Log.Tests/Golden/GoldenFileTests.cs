using System.Buffers.Binary;
using Elanus.Primitives;
using static Elanus.Log.Tests.LogWorld;

namespace Elanus.Log.Tests;

/// <summary>The files that each record format was first written with (docs/formats.md describes them): they are still written so, and still read.</summary>
public sealed class GoldenFileTests
{
    private static readonly ClaimNote Note = new(new(0x1122334455667788), ClaimCause.Silent);

    private static readonly CancellationToken Cancel = CancellationToken.None;

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public async Task The_same_records_make_the_same_files(ushort format)
    {
        var world = await WriteAsync(format);
        var golden = Golden($"format-{format}-segment-2.log");
        Assert.Equal(golden, await ContentAsync(world.Files, SegmentPath(1), golden.Length));
        Assert.Equal(Golden($"format-{format}.head"), await ContentAsync(world.Files, $"{LogWorld.Directory}/{LogHead.FileName}", 1000));
    }

    [Theory]
    [InlineData(1, 1)]
    [InlineData(2, 1)]
    [InlineData(1, 2)]
    [InlineData(2, 2)]
    public async Task Files_of_both_formats_are_read(ushort format, int segment)
    {
        var files = await FilesAsync(format, segment);
        await using var log = await new LogWorld { Files = files, Options = new() { CommitsAlone = false } }.StartAsync();
        Assert.Null(log.Found.TornTail);
        Assert.Equal(format, log.Format);
        var note = format == 1 ? default : Note;
        Assert.Equal(
            [new(Epoch(1), new(Channel, 1), default, 0, false), new(Epoch(2), new(Channel, 5), Epoch(1), 4, true) { Note = note }], log.Chain.Fences.ToList());
        log.AdvanceCommitted(log.Durable);
        var records = await RecordsAsync(log);
        Assert.Equal([1, 2, 16, 300, 1, 2], records.Select(record => (int)record.Kind.Value));
        var fence = format == 1 ? 64 : 80;
        Assert.Equal([fence, 8, 5, 0, fence, 8], records.Select(record => record.Payload.Length));
        Assert.All(records, record => Assert.Equal(format, record.Header.Format));
        Assert.Equal("hello"u8, records[2].Payload.Span);
        Assert.Equal(Timestamp.FromTime(new SettableTime().Now), records[0].Timestamp);
    }

    [Fact]
    public async Task A_segment_of_the_older_format_is_gone_on_in_and_the_next_one_is_of_the_newer()
    {
        var held = new HeldSyncs();
        await FillAsync(held.Files, 2, segment: 1);
        await using (var room = (await held.Files.OpenAsync(SegmentPath(1), FileIntent.ReadWrite, Cancel))!)
        {
            await room.AllocateAsync(16 * 1024, Cancel);
        }

        await using (var log = await held.World.OpenAsync())
        {
            using var atLast = held;
            held.Hold();
            var first = TryAppendAsync(log, new byte[700]);
            await held.UntilAsync(1);
            var second = TryAppendAsync(log, new byte[700]);

            // Here a group behind another says that this is durable: one at a time.
            held.Release(0);
            await first;
            await held.UntilAsync(1);
            held.ReleaseAll();
            await second;
            while (log.ExtentFrom(log.Durable).Segments is [{ Name: var name, Bytes: _ }] && name == Segment.NameOf(1))
            {
                Assert.True((await TryAppendAsync(log, new byte[3000])).Succeeded);
            }
        }

        var older = SegmentHeader.Read(await ContentAsync(held.Files, SegmentPath(1), 1000))!.Value;
        var inspected = await held.World.InspectAsync();
        var newer = SegmentHeader.Read(await ContentAsync(held.Files, inspected.Segments[1].File, 1000))!.Value;
        Assert.Equal((1u, 2u), (older.Format, newer.Format));
        Assert.Empty(inspected.Damage);
        await using var again = await held.World.OpenAsync();
        Assert.Equal(inspected.End.Position.Number + 2, again.Durable.Number);
    }

    [Fact]
    public async Task A_member_goes_on_in_the_format_of_its_log_until_that_is_raised()
    {
        await using var log = await new LogWorld { Files = await FilesAsync(1), Options = new() { CommitsAlone = false } }.StartAsync();
        var opened = log.OpenAsync(Epoch(3), false, Note, Cancel);
        await UntilAsync(() => log.Durable.Number >= 8);
        log.AdvanceCommitted(log.Durable);
        Assert.True((await opened).Succeeded);
        log.RaiseFormat();
        Assert.Equal(2, log.Format);
        var appended = TryAppendAsync(log, [7]);
        await UntilAsync(() => log.Durable.Number >= 9);
        log.AdvanceCommitted(log.Durable);
        Assert.True((await appended).Succeeded);
        Assert.Equal([1, 1, 1, 1, 1, 1, 1, 1, 2], (await RecordsAsync(log)).Select(record => (int)record.Header.Format));
    }

    [Fact]
    public async Task A_program_that_knows_less_refuses_a_log_and_records_of_the_newer_format_and_takes_no_harm()
    {
        var old = new FileLogOptions { NewestFormat = 1, CommitsAlone = false };
        var refused = await new LogWorld { Files = await FilesAsync(2), Options = old }.TryStartAsync();
        Assert.Contains("format 2", refused.Failure!.Sentence, StringComparison.Ordinal);

        await using var newer = await new LogWorld { Files = await FilesAsync(2), Options = new() { CommitsAlone = false } }.StartAsync();
        newer.AdvanceCommitted(newer.Durable);
        await using var log = await new LogWorld { Options = old }.StartAsync();
        var taken = await log.AppendVerbatimAsync(await RecordsAsync(newer), Cancel);
        Assert.Contains("upgrade", taken.Failure!.Sentence, StringComparison.Ordinal);
        Assert.Equal(0ul, log.Durable.Number);
    }

    [Fact]
    public async Task The_last_record_in_a_format_that_only_a_newer_program_knows_is_no_torn_write()
    {
        var bytes = Golden("format-2-segment-2.log");
        var scan = SegmentScan.Of(bytes, SegmentHeader.Read(bytes)!.Value);
        var last = bytes.AsSpan((int)scan.Groups[^1].Offset + GroupHeader.Bytes, RecordHeader.Bytes);
        BinaryPrimitives.WriteUInt16LittleEndian(last[8..], RecordHeader.CurrentFormat + 1);
        BinaryPrimitives.WriteUInt32LittleEndian(last, Crc32C.Of(last[4..]));

        // Without a mark nothing vouches for it.
        bytes.AsSpan((int)scan.EndOffset).Clear();
        await RefusedAsync(bytes, "record has format 3");
    }

    [Fact]
    public async Task A_segment_of_a_format_that_only_a_newer_program_knows_is_refused_and_not_damaged()
    {
        var bytes = Golden("format-2-segment-2.log");
        BinaryPrimitives.WriteUInt32LittleEndian(bytes.AsSpan(8), SegmentHeader.NewestFormat + 1);
        BinaryPrimitives.WriteUInt32LittleEndian(bytes, Crc32C.Of(bytes.AsSpan(4..80)));
        await RefusedAsync(bytes, "segment has format 3");
    }

    /// <summary>A member takes damage for a reason to give up what it holds: a failure is none.</summary>
    private static async Task RefusedAsync(byte[] segment, string why)
    {
        var files = await FilesAsync(2);
        await files.DeleteAsync(SegmentPath(1), Cancel);
        await PutAsync(files, SegmentPath(1), segment);
        var world = new LogWorld { Files = files, Options = new() { CommitsAlone = false } };
        var refused = await world.TryStartAsync();
        Assert.Contains(why, refused.Failure!.Sentence, StringComparison.Ordinal);
        Assert.Contains("use the version that wrote it", refused.Failure.Sentence, StringComparison.Ordinal);
        Assert.Equal(segment, await ContentAsync(files, SegmentPath(1), segment.Length));
        Assert.Contains(why, Assert.Single((await world.InspectAsync()).Damage).What, StringComparison.Ordinal);
    }

    private static async Task<LogWorld> WriteAsync(ushort format)
    {
        var world = new LogWorld { Time = new SettableTime(), Options = new() { SegmentBytes = 16 * 1024, MarkAfterIdleMs = 0, NewestFormat = format } };
        await using (var log = await world.OpenAsync())
        {
            Assert.True((await log.AppendAsync(Row, ["hel"u8.ToArray(), "lo"u8.ToArray()], TimeSpan.Zero, Cancel)).Succeeded);
            Assert.True((await log.AppendAsync(new(300), [], TimeSpan.Zero, Cancel)).Succeeded);
        }

        await using var again = await world.StartAsync();
        Assert.True((await again.OpenAsync(Epoch(2), true, Note, Cancel)).Succeeded);
        return world;
    }

    private static async Task<MemoryFileSystem> FilesAsync(ushort format, int segment = 2)
    {
        var files = new MemoryFileSystem();
        await FillAsync(files, format, segment);
        return files;
    }

    private static async Task FillAsync(MemoryFileSystem files, ushort format, int segment)
    {
        await files.CreateDirectoryAsync(LogWorld.Directory, Cancel);
        await PutAsync(files, SegmentPath(1), Golden(segment == 1 ? $"format-{format}.log" : $"format-{format}-segment-{segment}.log"));
        await PutAsync(files, $"{LogWorld.Directory}/{LogHead.FileName}", Golden($"format-{format}.head"));
    }

    private static async Task UntilAsync(Func<bool> reached)
    {
        while (!reached())
        {
            await Task.Delay(1, Cancel);
        }
    }

    private static byte[] Golden(string name)
    {
        using var stream = typeof(GoldenFileTests).Assembly.GetManifestResourceStream(name)!;
        using var bytes = new MemoryStream();
        stream.CopyTo(bytes);
        return bytes.ToArray();
    }

    private static async Task<byte[]> ContentAsync(MemoryFileSystem files, string path, int most)
    {
        await using var file = (await files.OpenAsync(path, FileIntent.Read, Cancel))!;
        var bytes = new byte[most];
        return bytes[..await file.ReadAsync(0, bytes, Cancel)];
    }

    private static async Task PutAsync(MemoryFileSystem files, string path, byte[] content)
    {
        await using var file = (await files.CreateAsync(path, Cancel)).Value;
        await file.WriteAsync(0, [content], Cancel);
    }
}
