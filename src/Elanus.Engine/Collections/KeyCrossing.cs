using Elanus.Primitives;

namespace Elanus.Engine;

/// <summary>
/// Keys that stand in several partitions. Within a partition an older row is shadowed for good. Across partitions it is only crossed: it
/// shows again when the newer row's partition is dropped, or when the newer row alone is deleted, and a view of its partition
/// alone never hides it. Called by the applier under the collection's lock.
/// </summary>
internal static class KeyCrossing
{
    /// <summary>Whether one row is newer than another of the same key in another partition; within one record the higher partition wins.</summary>
    public static bool IsNewer(RowStore store, PartitionId partition, int row, RowStore than, PartitionId thanPartition, int other)
    {
        var by = store.TimestampAt(row).CompareTo(than.TimestampAt(other));
        return by != 0 ? by > 0 : partition.Value > thanPartition.Value;
    }

    public static bool IsNewer(Segment segment, int row, Segment than, int other) =>
        IsNewer(segment.Store, segment.Partition, row, than.Store, than.Partition, other);

    /// <summary>Settles which row of a key is crossed by which, from the rows as they are.</summary>
    public static void Settle(List<Segment> segments, in Key key)
    {
        var standing = new List<(Segment Segment, int Row)>();
        foreach (var segment in segments)
        {
            var row = segment.Store.Newest(key, segment.Store.Rows);
            if (row >= 0 && !segment.Dead[row] && !segment.Shadowed[row])
            {
                standing.Add((segment, row));
            }
        }

        foreach (var (segment, row) in standing)
        {
            segment.Crossed.Set(row, standing.Exists(other => other.Segment != segment && IsNewer(other.Segment, other.Row, segment, row)));
        }
    }

    /// <summary>Settles every key that was crossed, after rows went.</summary>
    public static void Settle(List<Segment> segments)
    {
        foreach (var segment in segments)
        {
            if (segment.Crossed.Count > 0)
            {
                foreach (var row in segment.Crossed.Freeze().Rows())
                {
                    Settle(segments, segment.Store.KeyAt(row));
                }
            }
        }
    }
}
