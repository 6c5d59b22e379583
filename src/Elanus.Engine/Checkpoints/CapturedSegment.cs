using System.Collections.Immutable;
using Elanus.Primitives;
using Elanus.Storage;

namespace Elanus.Engine;

/// <summary>One segment, as a checkpoint describes it; its marks, and its rows where no file holds them, follow in the order of the descriptions.</summary>
/// <param name="Id">Its id.</param>
/// <param name="Shard">Its shard.</param>
/// <param name="Partition">Its partition.</param>
/// <param name="Sealed">No longer growing.</param>
/// <param name="Rows">How many.</param>
/// <param name="Key">The primary key's field.</param>
/// <param name="Columns">In order.</param>
/// <param name="Published">The column file that the log names; null where it names none yet.</param>
/// <param name="Kept">The column file that holds the rows on this node; null where the checkpoint holds them.</param>
internal sealed record CapturedSegment(
    SegmentId Id,
    int Shard,
    PartitionId Partition,
    bool Sealed,
    int Rows,
    FieldId Key,
    ImmutableArray<CapturedColumn> Columns,
    StoredFileReference? Published = null,
    StoredFileReference? Kept = null)
{
    public static CapturedSegment Of(SegmentState segment)
    {
        var layout = segment.Store.Layout;
        return new(
            segment.Id, segment.Shard, segment.Partition, segment.IsSealed, segment.Rows, layout.Columns[layout.KeyColumn].Field,
            [.. layout.Columns.Select(c => new CapturedColumn(c.Field, c.Type, c.ElementType, c.Dimension))], segment.File, segment.OwnFile);
    }

    public SegmentLayout Layout() => new([.. Columns.Select(c => new ColumnLayout(c.Field, c.Type, c.ElementType, c.Dimension))], Key);
}
