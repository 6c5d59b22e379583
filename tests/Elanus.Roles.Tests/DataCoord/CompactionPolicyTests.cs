using Elanus.Engine;
using Elanus.Primitives;

namespace Elanus.Roles.Tests;

public sealed class CompactionPolicyTests
{
    private static readonly PartitionId P1 = new(1);

    [Fact]
    public void Small_neighbours_are_merged_up_to_the_bound_and_not_across_places()
    {
        SegmentWeight[] segments = [Segment(1, 100), Segment(2, 300), Segment(3, 300), Segment(4, 300), Segment(5, 100), Segment(6, 100, shard: 1), Segment(7, 100, shard: 1)];
        Assert.Equal(["1 2 3 4", "6 7"], Plans(segments, mergeMin: 2));
        Assert.Equal(["1 2 3 4"], Plans(segments, mergeMin: 4));
    }

    [Fact]
    public void Large_segments_part_their_neighbours_and_are_left_alone()
    {
        SegmentWeight[] segments = [Segment(1, 100), Segment(2, 600), Segment(3, 100)];
        Assert.Empty(Plans(segments, mergeMin: 2));
    }

    [Theory]
    [InlineData(80, false)]
    [InlineData(79, true)]
    public void A_segment_is_written_anew_when_more_than_a_fifth_is_dead(int surviving, bool rewritten)
    {
        Assert.Equal(rewritten ? ["1"] : [], Plans([Segment(1, 900) with { Rows = 100, Surviving = surviving }], mergeMin: 4));
        Assert.Equal(rewritten ? ["1"] : [], Plans([Segment(1, 90) with { Rows = 100, Surviving = surviving }], mergeMin: 4));
    }

    [Fact]
    public void Dead_rows_do_not_count_against_the_bound()
    {
        SegmentWeight[] segments = [Segment(1, 900) with { Rows = 100, Surviving = 10 }, Segment(2, 400), Segment(3, 400)];
        Assert.Equal(["1 2 3"], Plans(segments, mergeMin: 2));
    }

    [Fact]
    public void What_is_not_ready_takes_no_part_and_parts_its_neighbours()
    {
        SegmentWeight[] segments = [Segment(1, 100), Segment(2, 100) with { IsBusy = true }, Segment(3, 100), Segment(4, 100)];
        Assert.Equal(["3 4"], Plans(segments, mergeMin: 2));
    }

    private static SegmentWeight Segment(long id, long bytes, int shard = 0) => new(new(id), P1, shard, 100, 100, bytes, IsPublished: true, IsBusy: false);

    private static List<string> Plans(SegmentWeight[] segments, int mergeMin) =>
        [.. CompactionPolicy.Plans(segments, 1_000, mergeMin, s => !s.IsBusy).Select(plan => string.Join(' ', plan))];
}
