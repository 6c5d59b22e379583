using System.Collections.Immutable;
using Elanus.Primitives;

namespace Elanus.Engine;

/// <summary>A compaction under way, as a checkpoint describes it; the rows cut from each input follow as marks, after the collection's segments.</summary>
/// <param name="Output">The segment that it makes.</param>
/// <param name="Schema">The schema at its record.</param>
/// <param name="Inputs">The segments that it replaces.</param>
internal sealed record CapturedCompaction(SegmentId Output, CollectionSchema Schema, ImmutableArray<SegmentId> Inputs);
