using Elanus.Primitives;
using Elanus.Vectors;

namespace Elanus.Engine.Tests;

/// <summary>A built index is found again after a start, and built again where its file is damaged.</summary>
public sealed class IndexFileTests
{
    private static readonly IndexDefinition Graph = new() { Id = new(500), Field = Sample.Vector, Kind = IndexKind.Hnsw, Metric = MetricType.L2 };

    [Fact]
    public async Task A_start_reads_the_index_that_is_there_and_answers_alike()
    {
        var disk = new MemoryFileSystem();
        (byte[], byte[]) checkpoint;
        List<(long, float)> before;
        await using (var store = Stores.Open(disk))
        await using (var node = new Node(options: new() { IndexedRowsMin = 100 }, store: store))
        {
            await Fill(node);
            before = await node.Search([1, 2, 0, 1], 5);
            Assert.Single(Stores.Names(store), name => name.EndsWith(".idx", StringComparison.Ordinal));
            checkpoint = node.Captured();
        }

        await using var again = Stores.Open(disk);
        var content = Stores.Content(disk, Index(again));
        await using var restarted = await Restarted(again, checkpoint);
        Assert.True(restarted.Collection.Progress(Graph.Id)!.IsComplete);
        Assert.Equal(before, await restarted.Search([1, 2, 0, 1], 5));
        Assert.Equal(content, Stores.Content(disk, Index(again)));

        // No longer wanted: its file goes with its last view.
        restarted.Collection.SetIndexes([]);
        Assert.DoesNotContain(Stores.Names(again), name => name.EndsWith(".idx", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_damaged_index_is_built_again()
    {
        var disk = new MemoryFileSystem();
        (byte[], byte[]) checkpoint;
        List<(long, float)> before;
        await using (var store = Stores.Open(disk))
        await using (var node = new Node(options: new() { IndexedRowsMin = 100 }, store: store))
        {
            await Fill(node);
            before = await node.Search([1, 2, 0, 1], 5);
            checkpoint = node.Captured();
            disk.FlipBit($"{Stores.Folder}/{Index(store)}", 300, 3);
        }

        await using var again = Stores.Open(disk);
        await using var restarted = await Restarted(again, checkpoint);
        Assert.True(restarted.Collection.Progress(Graph.Id)!.IsComplete);
        Assert.Equal(before, await restarted.Search([1, 2, 0, 1], 5));
        Assert.DoesNotContain(Stores.Names(again), name => name.EndsWith(".idx", StringComparison.Ordinal));
    }

    private static async Task Fill(Node node)
    {
        node.Fence(1).Apply(Sample.Created());
        node.State.Own();
        await node.State.LookThroughFiles(Stores.Cancel);
        node.Apply(Sample.Insert(Sample.P1, [.. Enumerable.Range(0, 300).Select(i => ((long)i, i % 81))])).Apply(Seal.All(Sample.Collection));
        node.Collection.SetIndexes([Graph]);
        node.Apply(node.State.Unpublished()[0]);
        Assert.True(node.Collection.Progress(Graph.Id)!.IsComplete);
    }

    private static async Task<Node> Restarted(Elanus.Storage.ISegmentStore store, (byte[] Description, byte[] Rows) checkpoint)
    {
        var node = new Node(options: new() { IndexedRowsMin = 100 }, store: store);
        await node.State.Restore(new(node.State.Channel, 4), default, new(4 << 4), checkpoint.Description, offset => checkpoint.Rows.AsMemory((int)offset), Stores.Cancel);
        node.Collection.SetIndexes([Graph]);
        return node;
    }

    private static string Index(Elanus.Storage.ISegmentStore store) => Stores.Names(store).Single(name => name.EndsWith(".idx", StringComparison.Ordinal));
}
