using System.Text;
using Elanus.Primitives;

namespace Elanus.Server.Tests.Cluster;

public sealed class SlottedFileTests
{
    private const string Folder = "/data";
    private const string Name = "words";
    private const int SlotBytes = 512;

    private readonly MemoryFileSystem files = new();

    private SlottedFile File => new(files, Folder, Name);

    [Fact]
    public async Task The_last_words_count_and_those_before_them_where_they_are_torn()
    {
        await files.CreateDirectoryAsync(Folder, default);
        Assert.Null(await File.Read(default));
        for (var count = 1; count <= 5; count++)
        {
            Assert.True((await File.Write($"words {count}", default)).Succeeded);
            Assert.Equal($"words {count}", await File.Read(default));
        }

        Assert.Equal(2 * SlotBytes, (await Text()).Length);
        foreach (var (slot, left) in new[] { (0, "words 4"), (1, (string?)null) })
        {
            await Overwrite(slot * SlotBytes, "torn"u8.ToArray());
            Assert.Equal(left, await File.Read(default));
        }

        Assert.True((await File.Write("anew", default)).Succeeded);
        Assert.Equal("anew", await File.Read(default));
    }

    [Fact]
    public async Task Torn_words_are_replaced_and_not_those_that_count()
    {
        await files.CreateDirectoryAsync(Folder, default);
        for (var count = 1; count <= 3; count++)
        {
            Assert.True((await File.Write($"words {count}", default)).Succeeded);
        }

        await Overwrite(0, "torn"u8.ToArray());
        Assert.True((await File.Write("words 4", default)).Succeeded);
        Assert.Equal("words 4", await File.Read(default));
        await Overwrite(0, "torn"u8.ToArray());
        Assert.Equal("words 2", await File.Read(default));
    }

    [Fact]
    public async Task No_room_is_needed_for_new_words()
    {
        await files.CreateDirectoryAsync(Folder, default);
        Assert.True((await File.Write("first", default)).Succeeded);
        files.Faults.CapacityBytes = files.UsedBytes;
        Assert.True((await File.Write("second", default)).Succeeded);
        Assert.Equal("second", await File.Read(default));
    }

    [Fact]
    public async Task What_was_written_before_there_were_slots_is_read_and_replaced()
    {
        await files.CreateDirectoryAsync(Folder, default);
        Assert.True((await SmallFile.Write(files, Folder, Name, "1:00ff 2:00fe", default)).Succeeded);
        Assert.Equal("1:00ff 2:00fe", await File.Read(default));
        Assert.True((await File.Write("2:00fe", default)).Succeeded);
        Assert.Equal("2:00fe", await File.Read(default));
        Assert.Equal(2 * SlotBytes, (await Text()).Length);
    }

    private async Task<string> Text() => (await SmallFile.Read(files, $"{Folder}/{Name}", default))!;

    private async Task Overwrite(long offset, byte[] bytes)
    {
        Assert.Equal(2 * SlotBytes, Encoding.ASCII.GetByteCount(await Text()));
        await using var file = (await files.OpenAsync($"{Folder}/{Name}", FileIntent.ReadWrite, default))!;
        await file.WriteDurablyAsync(offset, [bytes], default);
    }
}
