using static Elanus.Storage.Tests.StoreWorld;
using Elanus.Primitives;

namespace Elanus.Storage.Tests.Golden;

/// <summary>The bytes of format 1, kept: what this version writes, and what every later one must read.</summary>
public sealed class GoldenFileTests
{
    [Fact]
    public async Task This_version_writes_format_1()
    {
        var files = new MemoryFileSystem();
        await using var store = await OpenAsync(files);
        await WriteAsync(store, "golden.cols");
        Assert.Equal(Convert.ToHexString(Golden()), Convert.ToHexString(await ContentAsync(files, "golden.cols")));
    }

    [Fact]
    public async Task This_version_reads_format_1()
    {
        var files = new MemoryFileSystem();
        await PutAsync(files, "golden.cols", Golden());
        await using var store = await OpenAsync(files);
        using var file = (await store.OpenAsync("golden.cols", Cancel))!;
        Assert.Empty(file.Verify(null, Cancel));
        Assert.Equal("first,second"u8.ToArray(), file.Span(file.Find("text")!.Value).ToArray());
    }

    private static byte[] Golden()
    {
        using var stream = typeof(GoldenFileTests).Assembly.GetManifestResourceStream("format-1.file")!;
        using var copy = new MemoryStream();
        stream.CopyTo(copy);
        return copy.ToArray();
    }
}
