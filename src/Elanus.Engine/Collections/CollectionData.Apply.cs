using Elanus.Primitives;

namespace Elanus.Engine;

// What records do to a collection. The applier's thread only, but for Drop, which also ends the state.
public sealed partial class CollectionData
{
    internal void Apply(LogPosition position, Timestamp timestamp, DataRecord record)
    {
        lock (turn)
        {
            ApplyInTurn(position, timestamp, record);
        }
    }

    private void ApplyInTurn(LogPosition position, Timestamp timestamp, DataRecord record)
    {
        switch (record)
        {
            case Write write:
                new WriteApplier(this, position, timestamp).Apply(write);
                break;
            case SchemaChanged changed:
                ChangeSchema(changed.Schema);
                break;
            case PartitionCreated created:
                if (!partitions.Contains(created.Partition))
                {
                    Change(() => partitions = partitions.Add(created.Partition));
                }

                break;
            case PartitionDropped gone:
                Remove(segment => segment.Partition == gone.Partition, () => partitions = partitions.Remove(gone.Partition));
                break;
            case Truncated:
                Remove(_ => true);
                break;
            case Seal seal:
                SealNamed(seal);
                break;
            case Publish publish:
                Publish(publish);
                break;
            case Compact compact:
                BeginCompaction(compact, position);
                break;
            default:
                throw new RecordCorruptException($"a record of kind 0x{record.Kind:x4} is out of place");
        }
    }

    /// <summary>Lets go of every row; views that are open keep theirs.</summary>
    internal void Drop()
    {
        lock (turn)
        {
            Remove(_ => true, () => isGone = true);
        }
    }

    private void ChangeSchema(CollectionSchema changed)
    {
        if (changed.Version <= schema.Version)
        {
            return;
        }

        var next = new SegmentLayout(changed);
        if (changed.PrimaryKey.Id != schema.PrimaryKey.Id || next.KeyIsText != layout.KeyIsText)
        {
            throw new RecordCorruptException($"the primary key of collection {Id} changes");
        }

        // A segment has one set of columns: rows of the new schema begin new segments, unless they lie as the old ones do.
        var ended = growing.Values.Where(s => !s.Store.Layout.Holds(changed)).ToList();
        Change(() =>
        {
            schema = changed;
            layout = next;
            ended.ForEach(EndGrowth);
        });
        ended.ForEach(Advance);
    }

    private void SealNamed(Seal seal)
    {
        var all = seal.Segments.IsEmpty && seal.Partitions.IsEmpty;
        var ended = growing.Values.Where(s => all || seal.Segments.Contains(s.Id) || seal.Partitions.Contains(s.Partition)).ToList();
        Change(() => ended.ForEach(EndGrowth));
        ended.ForEach(Advance);
    }

    private void EndGrowth(Segment segment)
    {
        Invariant.Holds(growing.Remove((segment.Shard, segment.Partition)) && !segment.IsSealed, "a segment ended that did not grow");
        segment.IsSealed = true;
    }

    private void Remove(Predicate<Segment> gone, Action? besides = null)
    {
        List<Segment> removed = [];
        Change(() =>
        {
            besides?.Invoke();
            removed = segments.FindAll(gone);
            segments.RemoveAll(gone);
            foreach (var segment in removed)
            {
                if (!segment.IsSealed)
                {
                    growing.Remove((segment.Shard, segment.Partition));
                }

                LetGo(segment);
            }

            KeyCrossing.Settle(segments);
        });
        removed.ForEach(segment => segment.Builds.Running?.Cancel());
        EndCompactions(compaction => compaction.Inputs.Any(removed.Contains));
    }

    /// <summary>What a segment held is freed with its last view; its files are no longer needed. Under the lock.</summary>
    private void LetGo(Segment segment)
    {
        files.Retire(Id, segment);
        segment.IsGone = true;
        segment.Store.Release();
        segment.Builds.Indexes.ForEach(index => index.Release());
        segment.Builds.Indexes.Clear();
    }
}
