namespace Elanus.Roles;

/// <summary>One vector search. Parameters stand as the client wrote them; <see cref="SearchRules"/> reads them.</summary>
public sealed record SearchCall : ReadScope
{
    /// <summary>The vector field; empty where the collection has only one.</summary>
    public string Field { get; init; } = "";

    /// <summary>The query vectors, one a row, in the field's type; null where <see cref="Ids"/> name rows whose vectors are taken.</summary>
    public ColumnBlock? Vectors { get; init; }

    /// <summary>Primary keys whose vectors are the queries.</summary>
    public ColumnBlock? Ids { get; init; }

    /// <summary>Results a query, after <see cref="Offset"/>.</summary>
    public required long TopK { get; init; }

    public long Offset { get; init; }

    /// <summary>The metric the client expects; empty for the index's.</summary>
    public string Metric { get; init; } = "";

    /// <summary>Index search parameters: ef, nprobe, radius, range_filter ... as JSON text; empty for none.</summary>
    public string Params { get; init; } = "";

    /// <summary>Digits after the point of the scores; -1 for all.</summary>
    public int RoundDecimal { get; init; } = -1;

    public bool IgnoreGrowing { get; init; }

    /// <summary>Field whose values group the results; empty for no grouping.</summary>
    public string GroupByField { get; init; } = "";

    public int GroupSize { get; init; } = 1;

    public bool StrictGroupSize { get; init; }

    /// <summary>A step of a search iterator; null otherwise.</summary>
    public SearchIteratorStep? Iterator { get; init; }
}
