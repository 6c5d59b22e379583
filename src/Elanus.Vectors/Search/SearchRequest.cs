using Elanus.Primitives;

namespace Elanus.Vectors;

/// <summary>
/// What a search asks for. Hits come best first; among equal scores the smaller row number comes first, and under a limit it is also the one kept.
/// </summary>
public sealed record SearchRequest
{
    /// <summary>Most hits a query.</summary>
    public required int K { get; init; }

    /// <summary>Rows that may be hits, one bit for each row of the segment (filter and not deleted); null allows all.</summary>
    public Bitset? Allowed { get; init; }

    /// <summary>Exclusive outer bound of the score: distances below it, similarities above it.</summary>
    public float? Radius { get; init; }

    /// <summary>Inclusive inner bound of the score: distances at or above it, similarities at or below it.</summary>
    public float? RangeFilter { get; init; }

    /// <summary>Length of a graph search's candidate list; exact searches ignore it. At least K is used.</summary>
    public int Ef { get; init; }

    /// <summary>The same request, for hits strictly worse than a score that was already delivered (the next page of an iterator).</summary>
    public SearchRequest WorseThan(MetricType metric, float last) => this with
    {
        RangeFilter = metric.LargerIsBetter()
            ? Math.Min(RangeFilter ?? float.PositiveInfinity, MathF.BitDecrement(last))
            : Math.Max(RangeFilter ?? float.NegativeInfinity, MathF.BitIncrement(last)),
    };
}
