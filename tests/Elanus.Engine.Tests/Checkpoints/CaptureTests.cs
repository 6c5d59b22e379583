using Elanus.Primitives;
using FsCheck;
using FsCheck.Fluent;

namespace Elanus.Engine.Tests;

/// <summary>A state that was written and read back is the same state, and goes on alike.</summary>
public sealed class CaptureTests
{
    [Fact]
    public void A_restored_state_is_the_captured_one_and_applies_what_follows_alike() => Prop.ForAll(
        ArbMap.Default.ArbFor<int[]>(),
        seeds =>
        {
            var work = new ManualWork();
            var options = new EngineOptions { SegmentBytesMax = 160 };
            var nodes = new List<Node> { new Node(work, options).Apply(Sample.Created(shards: 2)) };
            foreach (var random in seeds.Select(seed => new Random(seed)))
            {
                using (var capture = nodes[0].State.Capture())
                {
                    var before = Bytes(capture);
                    var records = RandomRecords.Next(random).ToList();
                    nodes.ForEach(node => records.ForEach(record => node.Apply(record)));

                    // Written after the applier went on: what was captured has not changed.
                    Assert.Equal(before, Bytes(capture));
                }

                if (random.Next(3) == 0)
                {
                    work.RunAll();
                }

                if (random.Next(4) == 0)
                {
                    nodes.Add(nodes[random.Next(nodes.Count)].Restored(nodes[0].Captured(), work, options));
                }

                Assert.Single(nodes.Select(node => node.State.Hash()).Distinct());
                Assert.Single(nodes.Select(node => Convert.ToHexString(node.Captured().Rows)).Distinct());
                Assert.Single(nodes.Select(node => Convert.ToHexString(node.Captured().Description)).Distinct());
            }

            work.RunAll();
            nodes.ForEach(node => node.DisposeAsync().AsTask().GetAwaiter().GetResult());
        }).Check(Config.QuickThrowOnFailure.WithMaxTest(60).WithEndSize(40));

    [Fact]
    public async Task Answers_of_a_restored_state_are_the_same_across_chunks_and_sealed_segments()
    {
        await using var node = new Node();
        node.Apply(Sample.Created());
        for (var i = 0; i < 3000; i += 100)
        {
            node.Apply(Sample.Insert(i % 200 == 0 ? Sample.P1 : Sample.P2, [.. Enumerable.Range(i, 100).Select(k => ((long)k, k * 7))]));
            if (i == 1500)
            {
                node.Apply(Seal.All(Sample.Collection));
            }
        }

        node.Apply(Sample.Delete(3, 700, 2999)).Apply(Sample.Upsert(Sample.P1, (5, 81)));
        await using var restored = node.Restored(node.Captured());
        Assert.Equal(node.State.Hash(), restored.State.Hash());
        Assert.Equal(node.State.AppliedPosition, restored.State.AppliedPosition);
        Assert.Equal(await node.Rows("number % 3 == 1"), await restored.Rows("number % 3 == 1"));
        Assert.Equal(await node.Search([1, 2, 0, 1], 20), await restored.Search([1, 2, 0, 1], 20));
        Assert.Equal(node.Collection.Statistics().Segments.Select(s => (s.Id, s.Rows, s.LiveRows, s.IsSealed)), restored.Collection.Statistics().Segments.Select(s => (s.Id, s.Rows, s.LiveRows, s.IsSealed)));
    }

    [Fact]
    public async Task A_sealed_segment_older_than_the_schema_keeps_its_own_columns()
    {
        await using var node = new Node();
        node.Apply(Sample.Created()).Apply(Sample.Insert(Sample.P1, (1, 1), (2, 2)));
        var wider = Sample.Schema() with
        {
            Version = 2,
            Fields = [.. Sample.Schema().Fields, new() { Id = new(104), Name = "later", Type = DataType.Int64, Nullable = true }],
        };
        node.Apply(new SchemaChanged(Sample.Collection, wider)).Apply(Sample.Insert(Sample.P1, (3, 3)));
        await using var restored = node.Restored(node.Captured());
        Assert.Equal(node.State.Hash(), restored.State.Hash());
        Assert.Equal(node.Captured().Description, restored.Captured().Description);
        node.Apply(Sample.Insert(Sample.P1, (4, 4)));
        restored.Apply(Sample.Insert(Sample.P1, (4, 4)));
        Assert.Equal(node.State.Hash(), restored.State.Hash());
        Assert.Equal([(1, 1), (2, 2), (3, 3), (4, 4)], await restored.Rows());
    }

    [Fact]
    public void Bytes_that_do_not_fit_are_refused()
    {
        var node = new Node().Apply(Sample.Created()).Apply(Sample.Insert(Sample.P1, (1, 1), (2, 2), (1, 3)));
        var (description, rows) = node.Captured();
        Assert.Throws<RecordCorruptException>(() => node.Restored((description, rows[..^8])));
        Assert.Throws<RecordCorruptException>(() => node.Restored((description, [.. rows, 0])));
        Assert.Throws<RecordCorruptException>(() => node.Restored((description[..^1], rows)));
        Assert.Throws<RecordCorruptException>(() => node.Restored(("null"u8.ToArray(), [])));
    }

    private static (string Description, string Rows) Bytes(DataCapture capture) =>
        (Convert.ToHexString(capture.Describe()), Convert.ToHexString([.. capture.Rows().SelectMany(pieces => pieces).SelectMany(piece => piece.ToArray())]));
}
