using System.Text;
using Elanus.Primitives;
using static Elanus.Storage.Tests.StoreWorld;

namespace Elanus.Storage.Tests.Containers;

public sealed class StoredFileTests
{
    [Theory]
    [InlineData(0)]
    [InlineData(100)]
    [InlineData(256 * 1024)]
    [InlineData(3_000_001)]
    public async Task What_was_written_is_read_in_place_and_aligned(int bytes)
    {
        var files = new MemoryFileSystem();
        await using var store = await OpenAsync(files);
        var written = (await WriteAsync(store, "a.cols", bytes)).Value;
        using var file = (await store.OpenAsync("a.cols", Cancel))!;
        Assert.Equal(written, file.Reference);
        Assert.Equal(written.Length, (await ContentAsync(files, "a.cols")).Length);
        Assert.Equal((StoredFileKind.Columns, new StoredFileIdentity(7, 11)), (file.Kind, file.Identity));
        Assert.Equal(["text", "nothing", "counted"], file.Sections.Select(s => s.Name));
        Assert.All(file.Sections, section => Assert.Equal(0, section.Offset % 64));
        Assert.Equal("first,second", Encoding.UTF8.GetString(file.Span(file.Find("text")!.Value)));
        var expected = new byte[bytes];
        Count(0, expected);
        Assert.True(file.Span(file.Find("counted")!.Value).SequenceEqual(expected));
        Assert.Null(file.Find("else"));
        var read = 0L;
        Assert.Empty(file.Verify(done => read = done, Cancel));
        Assert.InRange(read, bytes, written.Length);
    }

    [Fact]
    public async Task A_large_file_never_leaves_much_unsynced_that_others_syncs_would_wait_for()
    {
        var counted = new CountingFileSystem(new MemoryFileSystem(), TimeProvider.System);
        await using var store = await OpenAsync(counted);
        await using var writer = (await store.CreateAsync("a.cols", StoredFileKind.Columns, new(7, 11), room: 0, Cancel)).Value;
        var (syncs, syncedAt, most) = (counted.Syncs, counted.BytesWritten, 0L);
        void Fill(long offset, Span<byte> into)
        {
            if (counted.Syncs > syncs)
            {
                (syncs, syncedAt) = (counted.Syncs, counted.BytesWritten);
            }

            most = Math.Max(most, counted.BytesWritten - syncedAt);
            into.Clear();
        }

        Assert.True((await writer.WriteSectionAsync("large", 40 << 20, Fill, Cancel)).Succeeded);
        Assert.InRange(most, 1, IFile.UnsyncedBytesMax);
        Assert.True((await writer.PublishAsync(Cancel)).Succeeded);
    }

    [Fact]
    public async Task The_same_content_gives_the_same_bytes_and_other_content_another_checksum()
    {
        var files = new MemoryFileSystem();
        await using var store = await OpenAsync(files);
        var first = (await WriteAsync(store, "a.cols", 300_000)).Value;
        var second = (await WriteAsync(store, "b.cols", 300_000)).Value;
        var third = (await WriteAsync(store, "c.cols", 300_001)).Value;
        Assert.Equal(await ContentAsync(files, "a.cols"), await ContentAsync(files, "b.cols"));
        Assert.Equal(first with { Name = "b.cols" }, second);
        Assert.NotEqual(first.Checksum, third.Checksum);
    }

    [Fact]
    public async Task A_flipped_bit_anywhere_is_found_and_named()
    {
        var whole = new MemoryFileSystem();
        await using var writing = await OpenAsync(whole);
        var length = (await WriteAsync(writing, "a.cols", 600_000)).Value.Length;
        var content = await ContentAsync(whole, "a.cols");
        for (var seed = 0; seed < 300; seed++)
        {
            // The ends are small and the middle is large: look at both as often.
            var at = (seed % 3) switch
            {
                0 => seed / 3 * 7L % 64,
                1 => length - 1 - (seed / 3 * 7L % 700),
                _ => seed * 7919L * 31 % length,
            };
            var files = new MemoryFileSystem();
            await PutAsync(files, "a.cols", content);
            files.FlipBit($"{Folder}/a.cols", at, seed % 8);
            await using var store = await OpenAsync(files);
            var found = await DamageAsync(store);
            Assert.True(found is not null, $"bit {seed % 8} of byte {at} was flipped and not found");
            Assert.Contains("data/segments/a.cols", found.ToString(), StringComparison.Ordinal);
            if (found.Section is "counted")
            {
                Assert.InRange(at, found.Offset, found.Offset + (256 * 1024));
            }
        }
    }

    [Fact]
    public async Task Every_prefix_of_a_file_is_refused()
    {
        var files = new MemoryFileSystem();
        await using var writing = await OpenAsync(files);
        await WriteAsync(writing, "a.cols");
        var content = await ContentAsync(files, "a.cols");
        for (var length = 0; length < content.Length; length++)
        {
            var cut = new MemoryFileSystem();
            await PutAsync(cut, "a.cols", content[..length]);
            await using var store = await OpenAsync(cut);
            await Assert.ThrowsAsync<StoredFileDamagedException>(async () => await store.OpenAsync("a.cols", Cancel));
        }
    }

    [Fact]
    public async Task Sections_that_end_outside_and_formats_unknown_are_refused_in_words()
    {
        var files = new MemoryFileSystem();
        await using var writing = await OpenAsync(files);
        await WriteAsync(writing, "a.cols");
        var content = await ContentAsync(files, "a.cols");
        content[8] = 2;
        BitConverter.GetBytes(Crc32C.Of(content.AsSpan(4..64))).CopyTo(content, 0);
        await PutAsync(files, "later.cols", content);
        var refused = await Assert.ThrowsAsync<StoredFileDamagedException>(async () => await writing.OpenAsync("later.cols", Cancel));
        Assert.Contains("format 2 is unknown", refused.Message, StringComparison.Ordinal);
    }

    private static async Task<StoredFileDamage?> DamageAsync(DirectorySegmentStore store)
    {
        try
        {
            using var file = (await store.OpenAsync("a.cols", Cancel))!;
            return file.Verify(null, Cancel) is [var first, ..] ? first : null;
        }
        catch (StoredFileDamagedException damaged)
        {
            return damaged.Damage;
        }
    }
}
