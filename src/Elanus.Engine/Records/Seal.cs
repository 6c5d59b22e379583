using System.Collections.Immutable;
using Elanus.Primitives;

namespace Elanus.Engine;

/// <summary>
/// Growing segments stop growing: those named, and those of the partitions named. Where neither names any, all of the collection.
/// A name of a segment or partition that is not there, or that is sealed, is passed over.
/// </summary>
public sealed record Seal(CollectionId Collection, ImmutableArray<SegmentId> Segments, ImmutableArray<PartitionId> Partitions)
    : DataRecord(Collection)
{
    public override ushort Kind => DataRecordKinds.Seal;

    public static Seal All(CollectionId collection) => new(collection, [], []);
}
