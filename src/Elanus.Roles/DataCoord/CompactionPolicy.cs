using System.Collections.Immutable;
using Elanus.Engine;

namespace Elanus.Roles;

/// <summary>
/// Which segments become one. Pure. Neighbours that are small are merged until the bound on a segment's size; one with many dead rows is written anew. Merging only what
/// is small, and several at once, rewrites each row about once for each factor by which segments grow. Small is what survives; but a merge that
/// the engine would refuse, for columns that are too large with their dead rows, is never planned.
/// </summary>
public static class CompactionPolicy
{
    /// <summary>Small neighbours that are merged unasked.</summary>
    public const int MergeMin = 4;

    /// <summary>Neighbours that are merged when a client asks.</summary>
    public const int MergeMinAsked = 2;

    /// <summary>A segment of which more than this part is dead is written anew.</summary>
    public const double DeadShareMax = 0.2;

    /// <summary>A segment is small below this part of the bound.</summary>
    public const double SmallShare = 0.5;

    /// <summary>Groups of neighbours to be compacted, each into one; from old to new within a shard and partition.</summary>
    /// <param name="segments">The sealed segments of a collection in the order of their age.</param>
    /// <param name="bytesMax">The bound on a segment's size.</param>
    /// <param name="mergeMin">How many small neighbours are worth merging.</param>
    /// <param name="ready">Which segments may take part.</param>
    /// <param name="newMerge">Judges what the engine merges; asked for each group.</param>
    public static IEnumerable<ImmutableArray<SegmentId>> Plans(
        IEnumerable<SegmentWeight> segments, long bytesMax, int mergeMin, Func<SegmentWeight, bool> ready, Func<MergedColumns> newMerge)
    {
        foreach (var place in segments.GroupBy(s => (s.Shard, s.Partition)))
        {
            var run = new List<SegmentWeight>();
            var (merged, expected) = (newMerge(), 0.0);
            foreach (var segment in place)
            {
                var small = ready(segment) && Expected(segment) < bytesMax * SmallShare;
                if (!small || expected + Expected(segment) > bytesMax || !merged.TryAdd(segment.ColumnBytes))
                {
                    foreach (var plan in Of(run, mergeMin))
                    {
                        yield return plan;
                    }

                    run.Clear();
                    (merged, expected) = (newMerge(), 0.0);
                    _ = small && merged.TryAdd(segment.ColumnBytes);
                }

                if (small)
                {
                    run.Add(segment);
                    expected += Expected(segment);
                }
                else if (ready(segment) && IsWasteful(segment))
                {
                    yield return [segment.Id];
                }
            }

            foreach (var plan in Of(run, mergeMin))
            {
                yield return plan;
            }
        }
    }

    private static IEnumerable<ImmutableArray<SegmentId>> Of(List<SegmentWeight> run, int mergeMin) =>
        run.Count >= mergeMin ? [[.. run.Select(s => s.Id)]] : run.Where(IsWasteful).Select(s => ImmutableArray.Create(s.Id));

    /// <summary>Bytes that the segment's surviving rows take.</summary>
    private static double Expected(SegmentWeight segment) => (double)segment.Bytes * segment.Surviving / Math.Max(1, segment.Rows);

    private static bool IsWasteful(SegmentWeight segment) => segment.Rows - segment.Surviving > segment.Rows * DeadShareMax;
}
