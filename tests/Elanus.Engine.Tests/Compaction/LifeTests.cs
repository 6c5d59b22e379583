using Elanus.Primitives;
using Elanus.Storage;
using Elanus.Vectors;
using FsCheck;
using FsCheck.Fluent;

namespace Elanus.Engine.Tests;

/// <summary>
/// Random histories with seals, publications, compactions, drops, fences and restarts from checkpoints in any order, applied to the owner, to a follower with files of its own, to one
/// that only ever catches up inline, and to the model. Every answer must be the model's, every state the same.
/// </summary>
public sealed class LifeTests
{
    private const int Steps = 80;

    private static readonly PartitionId[][] Choices = [[], [Sample.P1], [Sample.P1, Sample.P2]];

    [Fact]
    public void The_life_of_segments_changes_no_answer()
    {
        var merged = 0;
        Prop.ForAll(ArbMap.Default.ArbFor<int>(), seed => { merged += Check(seed).GetAwaiter().GetResult(); })
            .Check(Config.QuickThrowOnFailure.WithMaxTest(25).WithEndSize(1 << 30));
        Assert.True(merged > 50, $"{merged} compactions came to their end: too few to show anything");
    }

    private static async Task<int> Check(int seed)
    {
        var random = new Random(seed);
        var world = new LifeWorld();
        world.Apply(Sample.Created(shards: 2));
        for (var i = 0; i < Steps; i++)
        {
            var before = world.Nodes[0].State.Hash();
            if (random.Next(2) > 0)
            {
                world.Apply([.. RandomRecords.Next(random)]);
            }
            else if (world.Decide(random))
            {
                Assert.Equal(before, world.Nodes[0].State.Hash());
            }

            if (random.Next(3) == 0)
            {
                world.Work.RunAll();
            }

            if (random.Next(8) == 0)
            {
                await world.Restart(random.Next(world.Nodes.Count));
            }

            if (i % 11 == 0 || i == Steps - 1)
            {
                await Compare(world, random);
            }

            Assert.Single(world.Nodes.Select(node => node.State.Hash()).Distinct());
        }

        await world.End();
        return world.Merged;
    }

    private static async Task Compare(LifeWorld world, Random random)
    {
        foreach (var node in world.Nodes)
        {
            foreach (var only in Choices)
            {
                Assert.Equal(world.Model.Rows(_ => true, null, 0, only), await node.Rows(only: only));
                Assert.Equal(world.Model.Rows(n => n > 30, 3, 1, only), await node.Rows("number > 30", 3, 1, only));
                Assert.Equal(world.Model.Count(_ => true, only), await node.Count(only: only));
                var vector = Sample.VectorOf(random.Next(81));
                Assert.Equal(world.Model.Search(vector, 4, MetricType.L2, _ => true, only), await node.Search(vector, 4, only: only));
            }
        }
    }
}
