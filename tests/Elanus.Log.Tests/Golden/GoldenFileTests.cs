using Elanus.Primitives;
using static Elanus.Log.Tests.LogWorld;

namespace Elanus.Log.Tests;

/// <summary>The files that format 1 was first written with (docs/formats.md describes them): they are still written so, and still read.</summary>
public sealed class GoldenFileTests
{
    private static readonly CancellationToken Cancel = CancellationToken.None;

    [Fact]
    public async Task The_same_records_make_the_same_files()
    {
        var world = await WriteAsync();
        Assert.Equal(Golden("format-1.log"), await ContentAsync(world.Files, SegmentPath(1), Golden("format-1.log").Length));
        Assert.Equal(Golden("format-1.head"), await ContentAsync(world.Files, $"{LogWorld.Directory}/{LogHead.FileName}", 1000));
    }

    [Fact]
    public async Task Files_of_format_1_are_read()
    {
        var files = new MemoryFileSystem();
        await files.CreateDirectoryAsync(LogWorld.Directory, Cancel);
        await PutAsync(files, SegmentPath(1), Golden("format-1.log"));
        await PutAsync(files, $"{LogWorld.Directory}/{LogHead.FileName}", Golden("format-1.head"));
        await using var log = await new LogWorld { Files = files, Options = new() { CommitsAlone = false } }.StartAsync();
        Assert.Null(log.Found.TornTail);
        Assert.Equal(
            [new(Epoch(1), new(Channel, 1), default, 0, false), new(Epoch(2), new(Channel, 5), Epoch(1), 4, true)], log.Chain.Fences.ToList());
        log.AdvanceCommitted(log.Durable);
        var records = await RecordsAsync(log);
        Assert.Equal([1, 2, 16, 300, 1, 2], records.Select(record => (int)record.Kind.Value));
        Assert.Equal([64, 8, 5, 0, 64, 8], records.Select(record => record.Payload.Length));
        Assert.Equal("hello"u8, records[2].Payload.Span);
        Assert.Equal(Timestamp.FromTime(new SettableTime().Now), records[0].Timestamp);
    }

    private static async Task<LogWorld> WriteAsync()
    {
        var world = new LogWorld { Time = new SettableTime() };
        await using (var log = await world.OpenAsync())
        {
            Assert.True((await log.AppendAsync(Row, ["hel"u8.ToArray(), "lo"u8.ToArray()], TimeSpan.Zero, Cancel)).Succeeded);
            Assert.True((await log.AppendAsync(new(300), [], TimeSpan.Zero, Cancel)).Succeeded);
        }

        await using var again = await world.StartAsync();
        Assert.True((await again.OpenAsync(Epoch(2), true, Cancel)).Succeeded);
        return world;
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
