namespace Elanus.Primitives.Tests;

/// <summary>What every file system keeps, whichever it is.</summary>
public abstract class FileSystemConformance
{
    private static readonly CancellationToken Cancel = CancellationToken.None;

    /// <summary>The file system under test, and an empty directory in it.</summary>
    protected abstract (IFileSystem Files, string Root) World();

    [Fact]
    public async Task What_is_written_is_read_back_at_its_offset()
    {
        var (files, root) = World();
        await using var file = (await files.CreateAsync($"{root}/a", Cancel)).Value;
        var big = Bytes(200_000);
        Assert.True((await file.WriteAsync(3, [Bytes(5), big, ReadOnlyMemory<byte>.Empty, Bytes(1)], Cancel)).Succeeded);
        await file.SyncAsync(Cancel);
        Assert.Equal(200_009, await file.LengthAsync(Cancel));
        var read = new byte[200_100];
        Assert.Equal(200_009, await file.ReadAsync(0, read, Cancel));
        Assert.Equal(new byte[3], read[..3]);
        Assert.Equal(big, read[8..200_008]);
        Assert.Equal(1, await file.ReadAsync(200_008, read, Cancel));
        Assert.Equal(0, await file.ReadAsync(300_000, read, Cancel));
    }

    [Fact]
    public async Task A_file_that_is_not_there_is_null_and_one_that_is_cannot_be_made_again()
    {
        var (files, root) = World();
        Assert.Null(await files.OpenAsync($"{root}/a", FileIntent.Read, Cancel));
        Assert.Null(await files.MapAsync($"{root}/a", Cancel));
        Assert.Null(await files.ListAsync($"{root}/b", Cancel));
        Assert.False(await files.DeleteAsync($"{root}/a", Cancel));
        await Make(files, $"{root}/a", Bytes(10));
        await Assert.ThrowsAsync<IOException>(async () => await files.CreateAsync($"{root}/a", Cancel));
        await Assert.ThrowsAsync<IOException>(async () => await files.CreateAsync($"{root}/b/c", Cancel));
        await using var opened = await files.OpenAsync($"{root}/a", FileIntent.ReadWrite, Cancel);
        Assert.Equal(10, await opened!.LengthAsync(Cancel));
    }

    [Fact]
    public async Task Allocated_and_grown_bytes_are_zero_and_cut_ones_are_gone()
    {
        var (files, root) = World();
        await using var file = (await files.CreateAsync($"{root}/a", Cancel)).Value;
        await file.WriteAsync(0, [Bytes(1000)], Cancel);
        Assert.True((await file.AllocateAsync(100_000, Cancel)).Succeeded);
        Assert.True((await file.AllocateAsync(50, Cancel)).Succeeded);
        Assert.Equal(100_000, await file.LengthAsync(Cancel));
        await file.SetLengthAsync(700, Cancel);
        await file.SetLengthAsync(2000, Cancel);
        var read = new byte[3000];
        Assert.Equal(2000, await file.ReadAsync(0, read, Cancel));
        Assert.Equal(Bytes(1000)[..700], read[..700]);
        Assert.Equal(new byte[2300], read[700..]);
    }

    [Fact]
    public async Task Renaming_replaces_and_linking_does_not()
    {
        var (files, root) = World();
        await Make(files, $"{root}/a", Bytes(1));
        await Make(files, $"{root}/b", Bytes(2));
        Assert.False((await files.LinkAsync($"{root}/a", $"{root}/b", Cancel)).Value);
        Assert.True((await files.LinkAsync($"{root}/a", $"{root}/c", Cancel)).Value);
        Assert.True((await files.RenameAsync($"{root}/b", $"{root}/a", Cancel)).Succeeded);
        await files.SyncDirectoryAsync(root, Cancel);
        Assert.Equal([new("a", false, 2), new("c", false, 1)], await files.ListAsync(root, Cancel));
    }

    [Fact]
    public async Task Directories_are_made_listed_and_removed()
    {
        var (files, root) = World();
        Assert.True((await files.CreateDirectoryAsync($"{root}/x/y", Cancel)).Succeeded);
        Assert.True((await files.CreateDirectoryAsync($"{root}/x/y", Cancel)).Succeeded);
        await Make(files, $"{root}/x/y/f", Bytes(7));
        Assert.Equal([new("y", true, 0)], await files.ListAsync($"{root}/x", Cancel));
        await Assert.ThrowsAsync<IOException>(async () => await files.DeleteDirectoryAsync($"{root}/x/y", Cancel));
        Assert.True(await files.DeleteAsync($"{root}/x/y/f", Cancel));
        Assert.True(await files.DeleteDirectoryAsync($"{root}/x/y", Cancel));
        Assert.False(await files.DeleteDirectoryAsync($"{root}/x/y", Cancel));
        Assert.Equal([], await files.ListAsync($"{root}/x", Cancel));
    }

    [Fact]
    public async Task A_lock_has_one_holder_until_it_lets_go()
    {
        var (files, root) = World();
        var held = await files.TryLockAsync($"{root}/lock", Cancel);
        Assert.NotNull(held);
        Assert.Null(await files.TryLockAsync($"{root}/lock", Cancel));
        await held.DisposeAsync();
        await using var again = await files.TryLockAsync($"{root}/lock", Cancel);
        Assert.NotNull(again);
    }

    [Fact]
    public async Task A_removed_file_stays_readable_through_its_handle_and_mapping()
    {
        var (files, root) = World();
        await Make(files, $"{root}/a", Bytes(70_000));
        await using var file = (await files.OpenAsync($"{root}/a", FileIntent.Read, Cancel))!;
        using var mapping = (await files.MapAsync($"{root}/a", Cancel))!;
        Assert.True(await files.DeleteAsync($"{root}/a", Cancel));
        var read = new byte[70_000];
        Assert.Equal(70_000, await file.ReadAsync(0, read, Cancel));
        Assert.Equal(Bytes(70_000), read);
        Assert.True(mapping.Span(0, 70_000).SequenceEqual(read));
        unsafe
        {
            Assert.Equal(0, (nint)mapping.Pointer % 64);
        }

        Assert.Throws<InvariantBrokenException>(() => mapping.Span(1, 70_000).Length);
    }

    [Fact]
    public async Task Free_room_is_told()
    {
        var (files, root) = World();
        Assert.True(await files.FreeBytesAsync(root, Cancel) > 0);
    }

    protected static byte[] Bytes(int count)
    {
        var bytes = new byte[count];
        new SeededRandom((ulong)count).Fill(bytes);
        return bytes;
    }

    protected static async Task Make(IFileSystem files, string path, byte[] content)
    {
        await using var file = (await files.CreateAsync(path, Cancel)).Value;
        Assert.True((await file.WriteAsync(0, [content], Cancel)).Succeeded);
    }
}
