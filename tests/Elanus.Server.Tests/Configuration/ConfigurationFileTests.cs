using System.Text;
using Elanus.Primitives;

namespace Elanus.Server.Tests.Configuration;

public sealed class ConfigurationFileTests
{
    [Fact]
    public async Task The_named_file_must_be_there_and_the_usual_one_need_not()
    {
        var files = new RealFileSystem();
        var folder = Directory.CreateTempSubdirectory("elanus-configuration-").FullName;
        var path = Path.Combine(folder, "a.yaml");
        try
        {
            Assert.Equal($"--config: there is no file {path}", (await ConfigurationFile.ReadAsync(files, path, CancellationToken.None)).Failure?.Sentence);
            Assert.Null((await ConfigurationFile.ReadAsync(files, null, CancellationToken.None)).Value);
            await File.WriteAllTextAsync(path, "proxy: { port: 5 } # é");
            Assert.Equal("proxy: { port: 5 } # é", (await ConfigurationFile.ReadAsync(files, path, CancellationToken.None)).Value);
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    [Fact]
    public async Task A_file_of_absurd_size_is_refused()
    {
        var folder = Directory.CreateTempSubdirectory("elanus-configuration-").FullName;
        var path = Path.Combine(folder, "big.yaml");
        try
        {
            await File.WriteAllBytesAsync(path, Encoding.UTF8.GetBytes(new string('#', 2 << 20)));
            var failure = (await ConfigurationFile.ReadAsync(new RealFileSystem(), path, CancellationToken.None)).Failure;
            Assert.Contains("2097152 bytes", failure?.Sentence, StringComparison.Ordinal);
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }
}
