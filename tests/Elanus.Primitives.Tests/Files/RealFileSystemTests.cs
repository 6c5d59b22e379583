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

    protected override (IFileSystem Files, string Root) World() => (new RealFileSystem(), root);
}
