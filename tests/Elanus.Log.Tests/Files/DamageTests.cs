using System.Text;
using Elanus.Primitives;
using static Elanus.Log.Tests.LogWorld;

namespace Elanus.Log.Tests;

public sealed class DamageTests
{
    private static readonly CancellationToken Cancel = CancellationToken.None;

    [Fact]
    public async Task A_flipped_bit_anywhere_in_a_closed_log_is_found_or_changes_nothing()
    {
        var world = await ClosedAsync();
        var intact = await world.InspectAsync();
        Assert.Empty(intact.Damage);
        var found = 0;
        foreach (var entry in (await world.Files.ListAsync(LogWorld.Directory, Cancel))!)
        {
            // A stride that is no power of two meets every field in time.
            for (var offset = 0L; offset < entry.Length; offset += 13)
            {
                var path = $"{LogWorld.Directory}/{entry.Name}";
                world.Files.FlipBit(path, offset, (int)(offset % 8));
                var seen = await world.InspectAsync();
                Assert.True(seen.Damage.Count > 0 || seen.End == intact.End, $"{path} at {offset}: {seen.End} without a word");
                found += seen.Damage.Count > 0 ? 1 : 0;
                Assert.All(seen.Damage, damage => Assert.StartsWith(LogWorld.Directory, damage.File, StringComparison.Ordinal));
                world.Files.FlipBit(path, offset, (int)(offset % 8));
            }
        }

        Assert.True(found > 500);
    }

    [Fact]
    public async Task Damage_in_the_middle_stops_the_start_with_file_offset_and_remedy()
    {
        var world = await ClosedAsync();
        var offset = SegmentHeader.Bytes + GroupHeader.Bytes + RecordHeader.Bytes + 5;
        world.Files.FlipBit(SegmentPath(1), offset, 0);
        var before = await ContentAsync(world.Files, SegmentPath(1));
        var damaged = await Assert.ThrowsAsync<LogDamagedException>(async () => await world.TryStartAsync());
        Assert.Equal((SegmentPath(1), SegmentHeader.Bytes + GroupHeader.Bytes), (damaged.Damage.File, damaged.Damage.Offset));
        Assert.Contains("elanus verify DIR", damaged.Message, StringComparison.Ordinal);
        Assert.Contains("elanus salvage DIR", damaged.Message, StringComparison.Ordinal);
        Assert.Contains("record 1 fails its checksum", damaged.Message, StringComparison.Ordinal);
        Assert.Equal(before, await ContentAsync(world.Files, SegmentPath(1)));
    }

    [Fact]
    public async Task Missing_files_are_damage()
    {
        foreach (var name in new[] { "log.head", Segment.NameOf(1), null })
        {
            var world = await ClosedAsync();
            var segments = (await world.InspectAsync()).Segments;
            await world.Files.DeleteAsync(name is null ? segments[2].File : $"{LogWorld.Directory}/{name}", Cancel);
            await Assert.ThrowsAsync<LogDamagedException>(async () => await world.TryStartAsync());
        }
    }

    [Fact]
    public async Task A_segment_of_another_log_is_damage()
    {
        var world = await ClosedAsync();
        var other = new LogWorld { Random = new SeededRandom(99), Options = world.Options };
        await using (var log = await other.OpenAsync())
        {
            await AppendAsync(log, "of another log");
        }

        await ReplaceAsync(world.Files, SegmentPath(1), await ContentAsync(other.Files, SegmentPath(1)));
        await Assert.ThrowsAsync<LogDamagedException>(async () => await world.TryStartAsync());
    }

    [Fact]
    public async Task A_log_of_another_channel_is_refused()
    {
        var world = await ClosedAsync();
        var inspection = await FileLog.InspectAsync(world.Files, LogWorld.Directory, new(2), Cancel);
        Assert.Contains("channel-1", Assert.Single(inspection.Damage).What, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Damage_found_while_reading_is_thrown()
    {
        var world = new LogWorld();
        await using var log = await world.OpenAsync();
        var damaged = await AppendAsync(log, new string('x', 3000));
        await using var reader = log.Read(damaged.Position).Value;
        world.Files.FlipBit(SegmentPath(1), 512 + 512 + 1500, 1);
        var thrown = await Assert.ThrowsAsync<LogDamagedException>(async () => await reader.NextAsync(Cancel));
        Assert.Equal(SegmentPath(1), thrown.Damage.File);
    }

    [Fact]
    public async Task Salvage_finds_every_record_but_the_damaged_ones()
    {
        var world = await ClosedAsync();
        var last = (await world.InspectAsync()).End.Position.Number;
        await world.Files.DeleteAsync($"{LogWorld.Directory}/{LogHead.FileName}", Cancel);
        // A record's payload, another's header, and a group's header.
        world.Files.FlipBit(SegmentPath(1), 512 + 512 + GroupHeader.Bytes + RecordHeader.Bytes, 0);
        world.Files.FlipBit(SegmentPath(1), 512 + 1024 + GroupHeader.Bytes + 30, 0);
        world.Files.FlipBit(SegmentPath(1), 512 + 1536 + 30, 0);
        var found = new List<ulong>();
        await foreach (var record in LogSalvage.ReadAsync(world.Files, LogWorld.Directory, Channel, Cancel))
        {
            found.Add(record.Position.Number);
        }

        Assert.Equal(Enumerable.Range(1, (int)last).Select(i => (ulong)i).Except([3ul, 4ul]), found);
    }

    [Fact]
    public async Task Copies_of_the_log_inside_a_torn_record_are_no_proof_that_it_was_durable()
    {
        var world = new LogWorld { Options = new() { SegmentBytes = 256 * 1024 } };
        await using var log = await world.OpenAsync();
        await AppendAsync(log, "a");
        var copy = (await ContentAsync(world.Files, SegmentPath(1)))[..8192];
        // At all alignments that a group header could have.
        var lying = Encoding.UTF8.GetBytes(new string('x', 384)).Concat(copy).ToArray();
        Assert.True((await TryAppendAsync(log, lying)).Succeeded);
        var torn = await ContentAsync(world.Files, SegmentPath(1));
        var scan = SegmentScan.Of(torn, HeaderOf(torn));
        torn.AsSpan((int)scan.EndOffset).Clear();
        torn[(int)scan.Groups[^1].Offset + 200] ^= 1;
        var judged = SegmentScan.Of(torn, HeaderOf(torn));
        Assert.NotNull(judged.Fault);
        Assert.False(judged.FaultIsDamage);
        Assert.Equal(scan.End.Position.Number - 1, judged.End.Position.Number);
    }

    [Fact]
    public async Task A_group_at_a_place_that_is_not_its_own_is_damage_even_at_the_end()
    {
        var world = new LogWorld();
        await using (var log = await world.OpenAsync())
        {
            await AppendAsync(log, "a");
        }

        var bytes = await ContentAsync(world.Files, SegmentPath(1));
        var header = HeaderOf(bytes);
        var end = (int)SegmentScan.Of(bytes, header).EndOffset;
        new GroupHeader(header.LogId, 1, end, 77, 1, 64).Write(bytes.AsSpan(end));
        Assert.True(SegmentScan.Of(bytes, header).FaultIsDamage);
    }

    private static SegmentHeader HeaderOf(byte[] file) => SegmentHeader.Read(file)!.Value;

    private static async Task<LogWorld> ClosedAsync()
    {
        var world = new LogWorld { Options = new() { SegmentBytes = 4 * 1024, MarkAfterIdleMs = 0 } };
        await using var log = await world.OpenAsync();
        for (var i = 0; i < 12; i++)
        {
            await AppendAsync(log, $"{i} " + new string('x', 100 * i));
        }

        return world;
    }

    private static async Task<byte[]> ContentAsync(MemoryFileSystem files, string path)
    {
        await using var file = (await files.OpenAsync(path, FileIntent.Read, Cancel))!;
        var bytes = new byte[await file.LengthAsync(Cancel)];
        await file.ReadAsync(0, bytes, Cancel);
        return bytes;
    }

    private static async Task ReplaceAsync(MemoryFileSystem files, string path, byte[] content)
    {
        await using var file = (await files.OpenAsync(path, FileIntent.ReadWrite, Cancel))!;
        await file.WriteAsync(0, [content], Cancel);
    }
}
