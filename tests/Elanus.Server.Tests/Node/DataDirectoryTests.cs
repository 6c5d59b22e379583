using Elanus.Primitives;

namespace Elanus.Server.Tests;

public sealed class DataDirectoryTests
{
    [Fact]
    public async Task A_flipped_bit_of_the_identity_is_refused()
    {
        var files = new MemoryFileSystem();
        var node = (await Identity(files)).Value;
        var length = (await files.ListAsync("/data", default))!.Single(entry => entry.Name == "node.json").Length;
        for (var bit = 0; bit < length * 8; bit++)
        {
            files.FlipBit("/data/node.json", bit / 8, bit % 8);
            var found = await Identity(files);
            Assert.True(!found.Succeeded || found.Value == node, $"bit {bit % 8} of byte {bit / 8} makes another node");
            files.FlipBit("/data/node.json", bit / 8, bit % 8);
        }

        Assert.Equal(node, (await Identity(files)).Value);
    }

    [Fact]
    public async Task A_path_that_no_directory_can_have_is_refused_with_a_sentence()
    {
        var files = new MemoryFileSystem();
        await using (var file = (await files.CreateAsync("/data", default)).Value)
        {
        }

        var refused = await Identity(files);
        Assert.StartsWith("/data cannot be the data directory: ", refused.Failure?.Sentence, StringComparison.Ordinal);
    }

    private static async Task<Result<NodeId>> Identity(MemoryFileSystem files)
    {
        if (!(await DataDirectory.Open(files, "/data", new SeededRandom(1), default)).TryGet(out var directory, out var failure))
        {
            return failure;
        }

        await using (directory)
        {
            return directory.Node;
        }
    }
}
