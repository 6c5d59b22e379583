using System.Collections.Immutable;
using Elanus.Primitives;

namespace Elanus.Engine;

/// <summary>
/// Sealed segments are to become one, which holds their rows that live at this record, in their order; its id follows from the record's position.
/// The inputs stand until the output is published in the same epoch. They are neighbours in age among the segments of one shard and partition, from old to
/// new; where they are not (any more), or one takes part in another compaction, the record changes nothing.
/// </summary>
/// <param name="Collection">The collection.</param>
/// <param name="Inputs">At least one segment.</param>
/// <param name="ExpireBefore">Rows of the inputs that were inserted before this die with the record; zero for none.</param>
public sealed record Compact(CollectionId Collection, ImmutableArray<SegmentId> Inputs, Timestamp ExpireBefore) : DataRecord(Collection)
{
    public override ushort Kind => DataRecordKinds.Compact;

    /// <summary>The id of the segment that a record of this kind makes, by its position.</summary>
    public static SegmentId OutputAt(LogPosition position) => Segment.IdOf(position, 0);
}
