using Elanus.Vectors;

namespace Elanus.Engine;

/// <summary>A hit among those of all segments.</summary>
internal readonly record struct RankedHit(float Score, RowReference Row)
{
    /// <summary>Best first, equal scores by ascending primary key.</summary>
    public static Comparison<RankedHit> Order(Func<int, SegmentView> segments, MetricType metric)
    {
        var direction = metric.LargerIsBetter() ? -1 : 1;
        return (a, b) =>
        {
            var by = a.Score.CompareTo(b.Score) * direction;
            return by != 0 ? by : segments(a.Row.Segment).KeyAt(a.Row.Row).CompareTo(segments(b.Row.Segment).KeyAt(b.Row.Row));
        };
    }
}
