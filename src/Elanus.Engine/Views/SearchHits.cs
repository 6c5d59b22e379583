using Elanus.Primitives;

namespace Elanus.Engine;

/// <summary>
/// What a search found, one query after another: each best first, equal scores by ascending primary key, each key once with its newest row.
/// Under grouping, group after group, the one with the best hit first.
/// </summary>
/// <param name="HitsPerQuery">How many of the hits belong to each query.</param>
/// <param name="Keys">Primary keys of all hits.</param>
/// <param name="Scores">Scores in the metric's convention.</param>
/// <param name="Rows">Where the hits are in the view.</param>
/// <param name="Groups">The grouping field's values; null without grouping.</param>
public sealed record SearchHits(
    IReadOnlyList<int> HitsPerQuery, ColumnBlock Keys, IReadOnlyList<float> Scores, IReadOnlyList<RowReference> Rows, ColumnBlock? Groups)
{
    /// <summary>There are more hits than the search was to find; none is here.</summary>
    public bool TooMany { get; init; }
}
