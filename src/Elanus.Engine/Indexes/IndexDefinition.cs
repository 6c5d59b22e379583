using Elanus.Primitives;
using Elanus.Vectors;

namespace Elanus.Engine;

/// <summary>An index that a collection should have. It comes from index metadata, not from data records; a changed one is a new one.</summary>
public sealed record IndexDefinition
{
    public required IndexId Id { get; init; }

    /// <summary>A vector field.</summary>
    public required FieldId Field { get; init; }

    public required IndexKind Kind { get; init; }

    /// <summary>Searches by another metric do not use the index.</summary>
    public required MetricType Metric { get; init; }

    /// <summary>Links a row of a graph.</summary>
    public int M { get; init; } = HnswParameters.MDefault;

    /// <summary>Candidates looked at for each row while a graph is built.</summary>
    public int EfConstruction { get; init; } = HnswParameters.EfConstructionDefault;
}
