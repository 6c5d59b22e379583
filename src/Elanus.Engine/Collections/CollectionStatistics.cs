using System.Collections.Immutable;
using Elanus.Primitives;

namespace Elanus.Engine;

/// <summary>A collection's numbers at one moment.</summary>
/// <param name="LiveRows">Rows inserted and not deleted; both rows of a key inserted twice count.</param>
/// <param name="LiveRowsByPartition">The same by partition, for every partition there is.</param>
/// <param name="GrowingBytes">Memory of segments that still grow.</param>
/// <param name="Segments">Every segment that holds rows.</param>
public sealed record CollectionStatistics(
    long LiveRows, ImmutableDictionary<PartitionId, long> LiveRowsByPartition, long GrowingBytes, ImmutableArray<SegmentStatistics> Segments);
