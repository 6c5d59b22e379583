using System.Collections.Immutable;
using Elanus.Primitives;

namespace Elanus.Engine;

/// <summary>A collection between two records: what all views opened there share. It holds the rows and indexes of its segments until it is freed.</summary>
internal sealed class Snapshot : Counted
{
    public Snapshot(CollectionSchema schema, ImmutableArray<PartitionId> partitions, IEnumerable<Segment> segments)
    {
        Schema = schema;
        Partitions = partitions;
        Segments = [.. segments.Where(s => s.Published > 0).Select(s => new SegmentState(s))];
        foreach (var segment in Segments)
        {
            segment.Hold();
        }
    }

    public CollectionSchema Schema { get; }

    public ImmutableArray<PartitionId> Partitions { get; }

    public ImmutableArray<SegmentState> Segments { get; }

    protected override void Free()
    {
        foreach (var segment in Segments)
        {
            segment.Release();
        }
    }
}
