using Elanus.Primitives;

namespace Elanus.Engine;

/// <summary>Which segment rows belong to, and where in its collection it stands.</summary>
internal readonly record struct SegmentPlace(CollectionId Collection, PartitionId Partition, int Shard, SegmentId Segment);
