using System.Collections.Immutable;
using Elanus.Primitives;

namespace Elanus.Engine;

// What is counted about a collection, for statistics, seal decisions and segment lists.
public sealed partial class CollectionData
{
    /// <summary>Live rows (inserted and not deleted), growing bytes and segments, at one moment.</summary>
    public CollectionStatistics Statistics()
    {
        lock (gate)
        {
            var all = segments.Where(s => s.Published > 0).Select(Describe).ToImmutableArray();
            var byPartition = partitions.ToImmutableDictionary(p => p, p => all.Where(s => s.Partition == p).Sum(s => (long)s.LiveRows));
            return new(all.Sum(s => (long)s.LiveRows), byPartition, all.Where(s => !s.IsSealed).Sum(s => s.Bytes), all);
        }
    }

    internal void AddTo(StateHash hash)
    {
        Snapshot held;
        lock (gate)
        {
            held = snapshot ??= new(schema, partitions, segments);
            held.Hold();
        }

        hash.AddCollection(Id, Shards, held.Schema, held.Partitions);
        foreach (var segment in held.Segments)
        {
            hash.AddRows(Id, held.Schema, segment);
        }

        held.Release();
    }

    private static SegmentStatistics Describe(Segment segment) => new(
        segment.Id, segment.Partition, segment.Shard, segment.Published, segment.LiveRows, segment.IsSealed, segment.Store.Bytes,
        [.. segment.Builds.Indexes.Select(i => i.Definition.Id)], segment.Builds.Indexes.Sum(i => i.Bytes))
    {
        GrowsSince = segment.IsSealed ? null : segment.Store.TimestampAt(0),
        IsPublished = segment.File is not null,
        IsMapped = segment.OwnFile is not null,
        FileFault = segment.Builds.FileFault,
    };
}
