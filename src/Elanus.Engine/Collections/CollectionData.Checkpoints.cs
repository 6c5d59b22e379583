using Elanus.Primitives;

namespace Elanus.Engine;

// What goes into a checkpoint and comes out of it.
public sealed partial class CollectionData
{
    /// <summary>The rows as they stand, held. Between two records only.</summary>
    internal DataCapture.Captured Capture()
    {
        lock (gate)
        {
            var held = snapshot ??= new(schema, partitions, segments);
            held.Hold();
            return new(Id, Shards, held);
        }
    }

    /// <summary>Puts back a segment that was captured, behind those that were before. Only before anybody sees the collection.</summary>
    internal void Restore(CapturedSegment described, RowWindow rows)
    {
        PayloadReader.Require(
            described.Shard >= 0 && described.Shard < Shards && partitions.Contains(described.Partition) && segments.TrueForAll(s => s.Id != described.Id),
            $"segment {described.Id} does not fit its collection");
        PayloadReader.Require(
            described.Rows > 0 && !described.Columns.IsDefaultOrEmpty && described.Columns.Any(c => c.Field == described.Key),
            $"the description of segment {described.Id} is not whole");
        var segment = new Segment(described.Id, described.Shard, described.Partition, described.Layout());
        segments.Add(segment);
        SegmentRows.Read(rows, described, segment);
        segment.Published = segment.Store.Rows;
        segment.IsSealed = described.Sealed;
        PayloadReader.Require(
            described.Sealed || growing.TryAdd((described.Shard, described.Partition), segment), $"two segments grow where {described.Id} does");
    }

    /// <summary>Begins what is to be built for segments that were restored.</summary>
    internal void Resume() => segments.ForEach(Advance);
}
