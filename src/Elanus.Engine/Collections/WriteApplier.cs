using System.Collections.Immutable;
using Elanus.Primitives;

namespace Elanus.Engine;

/// <summary>
/// Applies one Write. First everything is checked against the schema; then rows are appended behind what readers see and keys are looked
/// up, without a lock; at last, under the lock, marks are set and the new rows shown, so that a view has the whole record or
/// nothing of it. Rows that a delete or a newer row reaches are found through the keys of each segment, whose rows are held meanwhile:
/// at any moment packed ones may take their place.
/// </summary>
public sealed partial class CollectionData
{
    private sealed class WriteApplier(CollectionData collection, LogPosition position, Timestamp timestamp)
    {
        private readonly List<(Segment Segment, int Row)> dead = [];
        private readonly List<(Segment Segment, int Row)> shadowed = [];
        private readonly List<(Segment Segment, int Row)> crossed = [];
        private readonly List<Segment> appended = [];
        private readonly List<Segment> full = [];
        private int begun;

        public void Apply(Write write)
        {
            var groups = write.Inserts
                .Select(group => (Group: group, Columns: RowSources.Of(collection.schema, collection.layout, collection.Shards, write.SchemaVersion, group)))
                .ToList();
            if (write.Deletes is { } deletes)
            {
                RowSources.CheckKeys(collection.schema, deletes.Keys);
                FindDead(deletes);
            }

            foreach (var (group, columns) in groups)
            {
                // A partition dropped while the write was under way takes the rows with it.
                if (collection.partitions.Contains(group.Partition))
                {
                    Insert(group, columns);
                }
            }

            collection.Change(() => Show(write.Deletes));
            full.ForEach(collection.Advance);
        }

        private void FindDead(KeyDelete deletes)
        {
            var range = KeyRange.Of(deletes.Keys);
            foreach (var segment in collection.segments)
            {
                if ((!deletes.Partitions.IsEmpty && !deletes.Partitions.Contains(segment.Partition)) || !segment.Store.MayHold(range))
                {
                    continue;
                }

                var store = collection.HoldRows(segment);
                try
                {
                    for (var i = 0; i < deletes.Keys.Rows; i++)
                    {
                        var row = store.Newest(Key.From(store.Layout.KeyIsText, deletes.Keys.Bytes(i)), store.Rows);

                        // Behind a dead row all older ones of its key are dead.
                        for (; row >= 0 && !segment.Dead[row]; row = store.Older(row))
                        {
                            dead.Add((segment, row));
                        }
                    }
                }
                finally
                {
                    store.Release();
                }
            }
        }

        private void Insert(RowGroup group, RowSources columns)
        {
            var target = Target(group, columns);
            var store = (GrowingRows)target.Store;
            var first = store.Rows;
            var range = KeyRange.Of(columns.Keys);
            store.Append(columns.Sources, group.Rows.Rows, [timestamp.Value], range, (_, older) => shadowed.Add((target, older)));
            target.Took(columns.Bytes);
            if (!appended.Contains(target))
            {
                appended.Add(target);
            }

            foreach (var other in collection.segments)
            {
                if (other != target && other.Store.MayHold(range))
                {
                    var rows = collection.HoldRows(other);
                    try
                    {
                        FindOlder(target, store, first, other, rows);
                    }
                    finally
                    {
                        rows.Release();
                    }
                }
            }
        }

        private void FindOlder(Segment target, GrowingRows added, int first, Segment other, RowStore rows)
        {
            for (var row = first; row < added.Rows; row++)
            {
                var older = rows.Newest(added.KeyAt(row), rows.Rows);
                if (older < 0 || other.Dead[older])
                {
                    continue;
                }

                if (other.Partition == target.Partition)
                {
                    shadowed.Add((other, older));
                }
                else
                {
                    var sameRecord = older >= other.Published;
                    crossed.Add(sameRecord && KeyCrossing.IsNewer(rows, other.Partition, older, added, target.Partition, row) ? (target, row) : (other, older));
                }
            }
        }

        private Segment Target(RowGroup group, RowSources columns)
        {
            var place = (group.Shard, group.Partition);
            if (collection.growing.TryGetValue(place, out var segment))
            {
                if (segment.HasRoomFor(columns.Bytes, collection.options.SegmentBytesMax))
                {
                    return segment;
                }

                // It is sealed when the record is shown: rows of this very record may lie in it.
                collection.growing.Remove(place);
                full.Add(segment);
            }

            segment = new(Segment.IdOf(position, begun++), group.Shard, group.Partition, collection.layout);
            collection.growing.Add(place, segment);
            lock (collection.gate)
            {
                collection.segments.Add(segment);
            }

            return segment;
        }

        private void Show(KeyDelete? deletes)
        {
            foreach (var (segment, row) in dead)
            {
                segment.Dead.Set(row);
            }

            foreach (var (segment, row) in shadowed)
            {
                segment.Shadowed.Set(row);
            }

            foreach (var (segment, row) in crossed)
            {
                segment.Crossed.Set(row);
            }

            foreach (var segment in appended)
            {
                segment.Published = segment.Store.Rows;
            }

            full.ForEach(segment => segment.IsSealed = true);
            if (deletes is { Partitions.IsEmpty: false } && collection.segments.Exists(s => s.Crossed.Count > 0))
            {
                for (var i = 0; i < deletes.Keys.Rows; i++)
                {
                    KeyCrossing.Settle(collection.segments, Key.From(collection.layout.KeyIsText, deletes.Keys.Bytes(i)));
                }
            }
        }
    }
}
