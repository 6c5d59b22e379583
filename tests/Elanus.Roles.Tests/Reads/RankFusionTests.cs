using Elanus.Vectors;

namespace Elanus.Roles.Tests;

public sealed class RankFusionTests
{
    [Fact]
    public void Reciprocal_ranks_add_up_and_ties_go_to_the_smaller_row()
    {
        var fused = RankFusion.Fuse(new Ranker.Rrf(60), [new(MetricType.L2, [7, 3], [0, 1]), new(MetricType.Ip, [3, 7, 9], [5, 4, 3])]);
        Assert.Equal(new[] { 3, 7, 9 }, fused.Select(f => f.Row));
        Assert.Equal((1 / 61.0) + (1 / 62.0), fused[0].Score, 1e-6);
        Assert.Equal(fused[0].Score, fused[1].Score);
        Assert.Equal(1 / 63.0, fused[2].Score, 1e-6);
    }

    [Fact]
    public void Weighted_scores_are_normalised_where_asked()
    {
        var fused = RankFusion.Fuse(
            new Ranker.Weighted([0.5, 0.25], NormScore: true),
            [new(MetricType.Cosine, [1], [1]), new(MetricType.L2, [1, 2], [0, 1])]);
        Assert.Equal(0.5 + 0.25, fused[0].Score, 1e-6);
        Assert.Equal(0.25 * 0.5, fused[1].Score, 1e-6);
    }

    [Fact]
    public void Distances_alone_stay_distances_where_nothing_is_normalised()
    {
        var fused = RankFusion.Fuse(new Ranker.Weighted([1, 1], NormScore: false), [new(MetricType.L2, [1, 2], [4, 9]), new(MetricType.L2, [1, 2], [1, 1])]);
        Assert.Equal(new[] { 1, 2 }, fused.Select(f => f.Row));
        Assert.Equal(5, fused[0].Score, 1e-6);
    }
}
