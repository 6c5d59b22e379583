namespace Elanus.Primitives.Tests;

public sealed class RealFileSystemTests : FileSystemConformance, IDisposable
{
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

    protected override (IFileSystem Files, string Root) World() => (new RealFileSystem(), root);
}
