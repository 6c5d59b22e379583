using System.Collections.Immutable;

namespace Elanus.Roles;

/// <summary>Results of a search, query after query, best first.</summary>
public sealed record SearchAnswer
{
    public required CollectionInfo Collection { get; init; }

    public required int Queries { get; init; }

    public required long TopK { get; init; }

    /// <summary>Results of each query.</summary>
    public required IReadOnlyList<int> Counts { get; init; }

    /// <summary>Scores of all queries, one after another.</summary>
    public required ImmutableArray<float> Scores { get; init; }

    /// <summary>Primary keys, parallel to the scores.</summary>
    public required ColumnBlock Ids { get; init; }

    /// <summary>Output fields, parallel to the scores.</summary>
    public required RowBatch Rows { get; init; }

    /// <summary>The schema of each column of <see cref="Rows"/>.</summary>
    public required IReadOnlyList<FieldSchema> Fields { get; init; }

    public required IReadOnlyList<string> OutputNames { get; init; }

    /// <summary>The group each result belongs to, parallel to the scores; null without grouping.</summary>
    public ColumnBlock? Groups { get; init; }

    public FieldSchema? GroupField { get; init; }

    /// <summary>Where a search iterator goes on; null for other searches.</summary>
    public SearchIteratorStep? Iterator { get; init; }

    public required Timestamp Session { get; init; }
}
