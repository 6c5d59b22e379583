using System.Collections.Immutable;
using Elanus.Primitives;

namespace Elanus.Engine;

/// <summary>Which rows a view hides because another of its partitions holds a newer row of their key.</summary>
internal static class CrossedRows
{
    /// <summary>
    /// The segments of the partitions chosen. The marks of the snapshot are right for a view of all partitions and mean nothing for one; for
    /// some of several each marked row is looked up, which is rare and cheap.
    /// </summary>
    public static ImmutableArray<SegmentView> Views(Snapshot snapshot, IReadOnlyCollection<PartitionId>? only, Timestamp notBefore)
    {
        var chosen = only is null ? snapshot.Segments : [.. snapshot.Segments.Where(s => only.Contains(s.Partition))];
        var some = only is { Count: > 1 } && chosen.Any(s => s.Crossed.Count > 0);
        return [.. chosen.Select((state, place) => new SegmentView(
            state, place, state.Store.FirstNotBefore(notBefore, state.Rows), hidesCrossed: only is null, some && state.Crossed.Count > 0 ? Among(chosen, state) : null))];
    }

    private static Bitset Among(ImmutableArray<SegmentState> chosen, SegmentState state)
    {
        var hidden = new Bitset(state.Rows);
        foreach (var row in state.Crossed.Rows())
        {
            var key = state.Store.KeyAt(row);
            foreach (var other in chosen)
            {
                var newer = other.Partition == state.Partition ? -1 : other.Store.Newest(key, other.Rows);
                if (newer >= 0 && !other.Dead[newer] && KeyCrossing.IsNewer(other.Store, other.Partition, newer, state.Store, state.Partition, row))
                {
                    hidden[row] = true;
                }
            }
        }

        return hidden;
    }
}
