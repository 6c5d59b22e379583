using Elanus.Primitives;
using Elanus.Storage;

namespace Elanus.Engine.Tests;

public sealed class UnreadableSegmentTests
{
    [Fact]
    public async Task A_segment_whose_file_is_damaged_is_left_out_of_what_is_looked_at_and_the_rest_is_there()
    {
        var disk = new MemoryFileSystem();
        await using var store = Stores.Open(disk);
        await using var node = new Node(store: store).Fence(1);
        node.State.Own();
        await node.State.LookThroughFiles(Stores.Cancel);
        node.Apply(Sample.Created());
        foreach (var key in new[] { 1, 4 })
        {
            node.Apply(Sample.Insert(Sample.P1, (key, key), (key + 1, key + 1), (key + 2, key + 2))).Apply(Seal.All(Sample.Collection));
            node.Apply([.. node.State.Unpublished()]);
        }

        // The marks of both segments stand in the checkpoint twice: with the segments, and with the compaction of them.
        node.Apply(Sample.Delete(1, 6)).Apply(new Compact(Sample.Collection, [.. node.Collection.Statistics().Segments.Select(s => s.Id)], Timestamp.Zero));
        node.Apply(Sample.Insert(Sample.P1, (7, 7)));
        Assert.Single(node.Collection.Compactions());
        var captured = node.Captured();
        var damaged = Stores.Names(store)[0];
        disk.FlipBit($"{Stores.Folder}/{damaged}", 100, 1);
        var told = new List<string>();
        var options = new EngineOptions { VerifyFilesFirst = true, Unreadable = told.Add };
        await using var restored = node.Restored(captured, options: options, store: DirectorySegmentStore.AsItIs(disk, Stores.Folder));
        Assert.Contains(damaged, Assert.Single(told), StringComparison.Ordinal);
        Assert.Equal([(4, 4), (5, 5), (7, 7)], await restored.Rows());
        Assert.Empty(restored.Collection.Compactions());
        Assert.Throws<RecordCorruptException>(
            () => node.Restored(captured, options: options with { Unreadable = null }, store: DirectorySegmentStore.AsItIs(disk, Stores.Folder)));
    }
}
