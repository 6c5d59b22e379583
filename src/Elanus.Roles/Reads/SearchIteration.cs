using Elanus.Engine;
using Elanus.Vectors;

namespace Elanus.Roles;

/// <summary>
/// Search iterators, version 2: each step returns what is worse than the last score of the step before. Nothing is kept on the server; rows that
/// tie with the last score of a step all come in that step, so that no row is passed over.
/// </summary>
internal static class SearchIteration
{
    public static async Task<Result<IReadOnlyList<IReadOnlyList<Hit>>>> Step(CollectionView view, SearchTarget target, SearchIteratorStep step, CancellationToken cancel)
    {
        if (target.Spec.Queries.Rows != 1)
        {
            return Failure.Invalid($"search iterator needs exactly one query vector, got {target.Spec.Queries.Rows}");
        }

        if (step.BatchSize < 1)
        {
            return Failure.Invalid($"batch size of a search iterator must be positive, got {step.BatchSize}");
        }

        var spec = target.Spec with { K = step.BatchSize };
        if (step.LastBound is { } last)
        {
            spec = spec with { RangeFilter = Beyond(target.Metric, last, spec.RangeFilter) };
        }

        if (!(await view.Search(spec, cancel)).TryGet(out var found, out var failure))
        {
            return failure;
        }

        var hits = Hit.ByQuery(found)[0];
        if (hits.Count < step.BatchSize)
        {
            return Result<IReadOnlyList<IReadOnlyList<Hit>>>.Ok([hits]);
        }

        var bound = hits[^1].Score;
        var ties = spec with
        {
            K = Math.Min(int.MaxValue / 2, step.BatchSize + TiesMax),
            RangeFilter = bound,
            Radius = target.Metric.LargerIsBetter() ? MathF.BitDecrement(bound) : MathF.BitIncrement(bound),
        };
        if (!(await view.Search(ties, cancel)).TryGet(out var tied, out failure))
        {
            return failure;
        }

        var known = hits.Select(h => h.Row).ToHashSet();
        Hit[] whole = [.. hits, .. Hit.ByQuery(tied)[0].Where(h => !known.Contains(h.Row))];
        return Result<IReadOnlyList<IReadOnlyList<Hit>>>.Ok([whole]);
    }

    /// <summary>Where the iteration goes on after these hits.</summary>
    public static SearchIteratorStep Next(IRandomSource random, SearchIteratorStep step, IReadOnlyList<Hit> hits) => step with
    {
        Token = step.Token.Length > 0 ? step.Token : $"{random.NextUInt64():x16}{random.NextUInt64():x16}",
        LastBound = hits.Count > 0 ? hits[^1].Score : step.LastBound,
    };

    /// <summary>Rows of one score that a step takes beyond its batch.</summary>
    private const int TiesMax = 16_384;

    private static float Beyond(MetricType metric, float last, float? rangeFilter) => metric.LargerIsBetter()
        ? Math.Min(rangeFilter ?? float.PositiveInfinity, MathF.BitDecrement(last))
        : Math.Max(rangeFilter ?? float.NegativeInfinity, MathF.BitIncrement(last));
}
