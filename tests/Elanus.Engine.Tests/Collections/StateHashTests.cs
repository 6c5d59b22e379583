using Elanus.Primitives;

namespace Elanus.Engine.Tests;

public class StateHashTests
{
    [Fact]
    public async Task The_hash_is_the_logical_state_s_however_rows_lie()
    {
        var work = new ManualWork();
        await using var sealedNode = Fill(new Node(), seal: true);
        await using var unpacked = Fill(new Node(work), seal: true);
        await using var growing = Fill(new Node(), seal: false);
        await using var split = Fill(new Node(options: new() { SegmentBytesMax = 64 }), seal: false);

        var hash = growing.State.Hash();
        Assert.Equal(hash, sealedNode.State.Hash());
        Assert.Equal(hash, unpacked.State.Hash());
        Assert.Equal(hash, split.State.Hash());
        Assert.True(split.Collection.Statistics().Segments.Length > growing.Collection.Statistics().Segments.Length);
        work.RunAll();
    }

    [Fact]
    public async Task Every_difference_shows()
    {
        var hashes = new List<ulong>();
        DataRecord[] differences =
        [
            Sample.Delete(1), Sample.Insert(Sample.P1, (1, 10)), Sample.Insert(Sample.P2, (1, 10)), Sample.Upsert(Sample.P1, (2, 20)),
            new PartitionDropped(Sample.Collection, Sample.P2), new Truncated(Sample.Collection), new CollectionDropped(Sample.Collection),
            new SchemaChanged(Sample.Collection, Sample.Schema() with { Version = 2 }), Seal.All(Sample.Collection),
        ];
        foreach (var difference in differences)
        {
            await using var node = Fill(new Node(), seal: true).Apply(difference);
            hashes.Add(node.State.Hash());
        }

        Assert.Equal(hashes.Count, hashes.Distinct().Count());
    }

    private static Node Fill(Node node, bool seal)
    {
        // A record stands in for the seal that is left out, so that timestamps agree.
        node.Apply(Sample.Created()).Apply(Sample.Insert(Sample.P1, (1, 10), (2, 20), (3, 30), (4, 40)));
        node.Apply(seal ? Seal.All(Sample.Collection) : Sample.Delete());
        return node.Apply(Sample.Insert(Sample.P1, (3, 31))).Apply(Sample.Delete(4)).Apply(Sample.Insert(Sample.P2, (5, 50), (6, 60)));
    }
}
