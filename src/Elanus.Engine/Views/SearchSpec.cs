using Elanus.Expressions;
using Elanus.Primitives;
using Elanus.Vectors;

namespace Elanus.Engine;

/// <summary>A vector search: one or more query vectors over one field.</summary>
public sealed record SearchSpec
{
    /// <summary>The vector field.</summary>
    public required FieldId Field { get; init; }

    public required MetricType Metric { get; init; }

    /// <summary>The query vectors, of the field's type and dimension, none null.</summary>
    public required ColumnBlock Queries { get; init; }

    /// <summary>Most hits a query; under grouping, most groups.</summary>
    public required int K { get; init; }

    /// <summary>Length of a graph search's candidate list; null for the index's own.</summary>
    public int? Ef { get; init; }

    /// <summary>Exclusive outer bound of the score: distances below it, similarities above it.</summary>
    public float? Radius { get; init; }

    /// <summary>Inclusive inner bound of the score: distances at or above it, similarities at or below it.</summary>
    public float? RangeFilter { get; init; }

    /// <summary>Only rows that match; null for all.</summary>
    public FilterPlan? Filter { get; init; }

    /// <summary>Leaves out rows of segments that still grow.</summary>
    public bool IgnoreGrowing { get; init; }

    public GroupBy? Group { get; init; }

    /// <summary>Ends the search where all queries together have more hits than this.</summary>
    public int HitsMax { get; init; } = int.MaxValue;

    /// <summary>Finds what a scan finds: indexes that are not exact are passed over.</summary>
    public bool Exact { get; init; }

    /// <summary>Only hits behind this one, for the next page of an iterator.</summary>
    public IteratorBound? After { get; init; }

    /// <summary>Draws the rows of a random sample in the filter.</summary>
    public ulong SampleSeed { get; init; }
}
