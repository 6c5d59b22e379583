namespace Elanus.Primitives.Tests;

public sealed class RealFileSystemTests : FileSystemConformance, IDisposable
{
    private const int LargeBytes = (20 << 20) + 1;

    private readonly string root = Directory.CreateTempSubdirectory("elanus-files-").FullName;

    public void Dispose() => Directory.Delete(root, true);

    [Fact]
    public async Task Of_many_that_link_one_name_one_wins()
    {
        var files = new RealFileSystem();
        await Make(files, $"{root}/a", Bytes(1));
        var wins = await Task.WhenAll(Enumerable.Range(0, 32).Select(async _ => (await files.LinkAsync($"{root}/a", $"{root}/slot", CancellationToken.None)).Value));
        Assert.Equal(1, wins.Count(won => won));
    }

    [Theory]
    [InlineData("/proc/elanus")]
    [InlineData("/proc/elanus/deeper")]
    public async Task A_directory_that_can_be_made_nowhere_is_a_fault_that_names_it(string path)
    {
        var fault = await Assert.ThrowsAsync<IOException>(() => new RealFileSystem().CreateDirectoryAsync(path, CancellationToken.None).AsTask());
        Assert.Contains("/proc/elanus", fault.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("Success", fault.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_directory_where_a_file_stands_is_a_fault_that_says_so()
    {
        await Make(new RealFileSystem(), $"{root}/file", Bytes(1));
        var fault = await Assert.ThrowsAsync<IOException>(() => new RealFileSystem().CreateDirectoryAsync($"{root}/file", CancellationToken.None).AsTask());
        Assert.Contains("exists", fault.Message, StringComparison.OrdinalIgnoreCase);
    }

    [Fact]
    public async Task What_cannot_be_listed_is_not_taken_for_what_is_not_there()
    {
        var files = new RealFileSystem();
        await Make(files, $"{root}/file", Bytes(1));
        Assert.Null(await files.ListAsync($"{root}/nothing", CancellationToken.None));
        Assert.Null(await files.ListAsync($"{root}/file", CancellationToken.None));
        File.CreateSymbolicLink($"{root}/circle", $"{root}/circle");
        await Assert.ThrowsAnyAsync<IOException>(() => files.ListAsync($"{root}/circle", CancellationToken.None).AsTask());
        File.Delete($"{root}/circle");
    }

    [Theory]
    [InlineData(false, false)]
    [InlineData(true, false)]
    [InlineData(false, true)]
    [InlineData(true, true)]
    public async Task A_large_file_without_a_name_is_whole_for_its_readers_and_gone_behind_the_last(bool opened, bool mapped)
    {
        var files = new RealFileSystem();
        var path = $"{root}/large";
        var content = Bytes(LargeBytes);
        await Make(files, path, content);
        var file = opened ? await files.OpenAsync(path, FileIntent.Read, CancellationToken.None) : null;
        var mapping = mapped ? await files.MapAsync(path, CancellationToken.None) : null;
        Assert.True(await files.DeleteAsync(path, CancellationToken.None));
        Assert.False(await files.DeleteAsync(path, CancellationToken.None));
        Assert.Null(await files.OpenAsync(path, FileIntent.Read, CancellationToken.None));
        if (file is not null)
        {
            var read = new byte[LargeBytes];
            Assert.Equal(LargeBytes, await file.ReadAsync(0, read, CancellationToken.None));
            Assert.Equal(content, read);
            await file.DisposeAsync();
        }

        if (mapping is not null)
        {
            Assert.True(mapping.Span(0, LargeBytes).SequenceEqual(content));
            mapping.Dispose();
        }

        // The bytes of what was still read go behind the call that closed it.
        while (Held(path))
        {
            await Task.Delay(1);
        }
    }

    [Fact]
    public async Task A_file_that_is_replaced_again_and_again_is_always_there()
    {
        var files = new RealFileSystem();
        await Make(files, $"{root}/name", Bytes(1));
        using var over = new CancellationTokenSource();
        var looking = Task.WhenAll(Enumerable.Range(0, 3).Select(_ => Look()));
        for (var round = 0; round < 500; round++)
        {
            await Make(files, $"{root}/next", Bytes(1));
            Assert.True((await files.RenameAsync($"{root}/next", $"{root}/name", CancellationToken.None)).Succeeded);
        }

        await over.CancelAsync();
        await looking;

        async Task Look()
        {
            while (!over.IsCancellationRequested)
            {
                await using var file = await files.OpenAsync($"{root}/name", FileIntent.Read, CancellationToken.None);
                using var mapping = await files.MapAsync($"{root}/name", CancellationToken.None);
                Assert.NotNull(file);
                Assert.NotNull(mapping);
            }
        }
    }

    [Fact]
    public async Task A_large_file_that_loses_one_of_two_names_keeps_its_bytes()
    {
        var files = new RealFileSystem();
        var content = Bytes(LargeBytes);
        await Make(files, $"{root}/large", content);
        await files.LinkAsync($"{root}/large", $"{root}/other", CancellationToken.None);
        Assert.True(await files.DeleteAsync($"{root}/large", CancellationToken.None));
        Assert.Equal(content, await File.ReadAllBytesAsync($"{root}/other"));
    }

    [Fact]
    public async Task Whoever_opens_a_large_file_while_it_is_removed_has_all_of_it_or_nothing()
    {
        var files = new RealFileSystem();
        var content = Bytes(LargeBytes);
        for (var round = 0; round < 20; round++)
        {
            await Make(files, $"{root}/large", content);
            var removed = files.DeleteAsync($"{root}/large", CancellationToken.None).AsTask();
            for (var there = true; there;)
            {
                using var mapping = await files.MapAsync($"{root}/large", CancellationToken.None);
                there = mapping is not null;
                Assert.True(mapping is null || mapping.Span(0, LargeBytes).SequenceEqual(content));
            }

            Assert.True(await removed);
        }
    }

    protected override (IFileSystem Files, string Root) World() => (new RealFileSystem(), root);

    /// <summary>Whether this process has an open file that has, or had, this name.</summary>
    private static bool Held(string path) =>
        Directory.EnumerateFileSystemEntries("/proc/self/fd").Any(open => new FileInfo(open).LinkTarget?.StartsWith(path, StringComparison.Ordinal) ?? false);
}
