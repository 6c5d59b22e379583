using System.Collections.Immutable;

namespace Elanus.Roles;

/// <summary>One merge of a compaction that a client asked for.</summary>
/// <param name="Collection">The collection.</param>
/// <param name="Inputs">The segments to be replaced.</param>
/// <param name="Output">The segment that replaces them; null until the merge has begun.</param>
/// <param name="State">How far it is.</param>
public sealed record CompactionPlan(CollectionId Collection, ImmutableArray<SegmentId> Inputs, SegmentId? Output, CompactionPlanState State);

/// <summary>How far a merge is.</summary>
public enum CompactionPlanState
{
    Waiting,
    Executing,
    Completed,

    /// <summary>Its inputs went before it began or ended, or the node stopped being active.</summary>
    Failed,
}
