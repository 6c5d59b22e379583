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
    public void Dead_rows_count_for_nothing_but_the_bound_on_columns()
    {
        SegmentWeight[] segments = [Segment(1, 900) with { Rows = 100, Surviving = 10 }, Segment(2, 400), Segment(3, 400)];
        Assert.Equal(["1 2 3"], Plans(segments, mergeMin: 2, columnBytesMax: 1_700));
        Assert.Equal(["1 2"], Plans(segments, mergeMin: 2, columnBytesMax: 1_699));
        Assert.Equal(["1", "2 3"], Plans(segments, mergeMin: 2, columnBytesMax: 1_299));
    }

    [Fact]
    public void What_cannot_be_merged_with_its_dead_rows_is_written_anew_one_by_one()
    {
        SegmentWeight[] segments = [.. Enumerable.Range(1, 4).Select(id => Segment(id, 1_000) with { Surviving = 1 })];
        Assert.Equal(["1", "2", "3", "4"], Plans(segments, mergeMin: 4, columnBytesMax: 1_000));
        Assert.Equal(["1 2 3 4"], Plans([.. segments.Select(s => s with { ColumnBytes = [250, 0] })], mergeMin: 4, columnBytesMax: 1_000));
        Assert.Equal(["1", "2", "3", "4"], Plans([.. segments.Select((s, i) => s with { ColumnBytes = [250, i < 2 ? 0 : 501] })], mergeMin: 4, columnBytesMax: 1_000));
    }

    [Fact]
    public void What_is_not_ready_takes_no_part_and_parts_its_neighbours()
    {
        SegmentWeight[] segments = [Segment(1, 100), Segment(2, 100) with { IsBusy = true }, Segment(3, 100), Segment(4, 100)];
        Assert.Equal(["3 4"], Plans(segments, mergeMin: 2));
    }

    private static SegmentWeight Segment(long id, long bytes, int shard = 0) => new(new(id), P1, shard, 100, 100, bytes, IsPublished: true, IsBusy: false, [bytes, 0]);

    private static List<string> Plans(SegmentWeight[] segments, int mergeMin, long columnBytesMax = 10_000) =>
        [.. CompactionPolicy.Plans(segments, 1_000, mergeMin, s => !s.IsBusy, () => new(columnBytesMax)).Select(plan => string.Join(' ', plan))];
}
