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
                foreach (var record in RandomRecords.Next(random))
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
}
