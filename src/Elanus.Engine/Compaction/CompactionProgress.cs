using System.Collections.Immutable;
using Elanus.Primitives;

namespace Elanus.Engine;

/// <summary>A compaction that is under way.</summary>
/// <param name="Output">The segment that it makes.</param>
/// <param name="Inputs">The segments that it replaces.</param>
/// <param name="Rows">Rows of the output.</param>
public sealed record CompactionProgress(SegmentId Output, ImmutableArray<SegmentId> Inputs, int Rows);
