using Elanus.Primitives;
using Elanus.Vectors;
using FsCheck;
using FsCheck.Fluent;

namespace Elanus.Engine.Tests;

/// <summary>Random histories, applied to the engine and to the model; every answer must agree, whatever is sealed, packed or growing.</summary>
public class ModelTests
{
    private static readonly PartitionId[][] Choices = [[], [Sample.P1], [Sample.P2], [Sample.P1, Sample.P2]];

    [Fact]
    public void Every_answer_is_the_model_s() => Prop.ForAll(
        ArbMap.Default.ArbFor<int[]>(),
        seeds =>
        {
            var work = new ManualWork();
            var node = new Node(work, new() { SegmentBytesMax = 160 });
            var model = new RowModel();
            node.Apply(Sample.Created(shards: 2));
            for (var i = 0; i < seeds.Length; i++)
            {
                var random = new Random(seeds[i]);
                foreach (var record in Step(random))
                {
                    node.Apply(record);
                    model.Apply(record);
                }

                if (random.Next(3) == 0)
                {
                    work.RunAll();
                }

                if (i % 6 == 0 || i == seeds.Length - 1)
                {
                    Compare(node, model, random).GetAwaiter().GetResult();
                }
            }

            node.State.Hash();
            work.RunAll();
            node.DisposeAsync().AsTask().GetAwaiter().GetResult();
        }).Check(Config.QuickThrowOnFailure.WithMaxTest(60).WithEndSize(50));

    private static async Task Compare(Node node, RowModel model, Random random)
    {
        foreach (var only in Choices)
        {
            Assert.Equal(model.Rows(_ => true, null, 0, only), await node.Rows(only: only));
            Assert.Equal(model.Rows(n => n > 30, 3, 1, only), await node.Rows("number > 30", 3, 1, only));
            Assert.Equal(model.Count(_ => true, only), await node.Count(only: only));
            Assert.Equal(model.Count(n => n % 5 == 0, only), await node.Count("text is null", only));
            var vector = Sample.VectorOf(random.Next(81));
            foreach (var metric in (MetricType[])[MetricType.L2, MetricType.Ip])
            {
                Assert.Equal(model.Search(vector, 4, metric, _ => true, only), await node.Search(vector, 4, metric, only: only));
                Assert.Equal(model.Search(vector, 2, metric, n => n < 40, only), await node.Search(vector, 2, metric, "number < 40", only));
            }
        }

        var statistics = node.Collection.Statistics();
        Assert.Equal(model.Count(_ => true), statistics.LiveRows);
        Assert.Equal(model.Count(_ => true, Sample.P2), statistics.LiveRowsByPartition[Sample.P2]);
    }

    private static IEnumerable<DataRecord> Step(Random random)
    {
        switch (random.Next(16))
        {
            case 0:
                return [Seal.All(Sample.Collection)];
            case 1:
                return [new Seal(Sample.Collection, [], [Partition(random)])];
            case 2:
                return [new PartitionDropped(Sample.Collection, Sample.P2), new PartitionCreated(Sample.Collection, Sample.P2)];
            case 3 when random.Next(4) == 0:
                return [new Truncated(Sample.Collection)];
            case 4 or 5:
                return [Sample.Delete(random.Next(12), random.Next(12))];
            case 6:
                return [Sample.DeleteIn(Partition(random), random.Next(12), random.Next(12))];
            case 7 or 8:
                return [Sample.Upsert(Partition(random), Rows(random))];
            default:
                var groups = Enumerable.Range(0, random.Next(1, 4))
                    .Select(_ => new RowGroup(random.Next(2), Partition(random), Sample.Batch(false, Rows(random)))).ToList();
                return [new Write(Sample.Collection, 1, random.Next(3) > 0 ? null : new(Sample.Keys(false, random.Next(12)), []), groups)];
        }
    }

    private static PartitionId Partition(Random random) => random.Next(2) == 0 ? Sample.P1 : Sample.P2;

    private static (long, int)[] Rows(Random random) => [.. Enumerable.Range(0, random.Next(1, 5)).Select(_ => ((long)random.Next(12), random.Next(81)))];
}
