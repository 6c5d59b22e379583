using System.Collections.Immutable;
using Elanus.Primitives;

namespace Elanus.Engine;

/// <summary>One segment, as a checkpoint describes it; its marks and rows follow in the order of the descriptions.</summary>
internal sealed record CapturedSegment(
    SegmentId Id, int Shard, PartitionId Partition, bool Sealed, int Rows, FieldId Key, ImmutableArray<CapturedColumn> Columns)
{
    public static CapturedSegment Of(SegmentState segment)
    {
        var layout = segment.Store.Layout;
        return new(
            segment.Id, segment.Shard, segment.Partition, segment.IsSealed, segment.Rows, layout.Columns[layout.KeyColumn].Field,
            [.. layout.Columns.Select(c => new CapturedColumn(c.Field, c.Type, c.ElementType, c.Dimension))]);
    }

    public SegmentLayout Layout() => new([.. Columns.Select(c => new ColumnLayout(c.Field, c.Type, c.ElementType, c.Dimension))], Key);
}
