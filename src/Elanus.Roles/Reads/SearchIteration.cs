using Elanus.Engine;
using Elanus.Vectors;

namespace Elanus.Roles;

/// <summary>
/// Search iterators, version 2: each step returns what is worse than the last score of the step before. Nothing is kept on the server. A step scans: a row that a graph
/// passed over would be better than the next step's bound, and so be lost; and to know that no row ties with the last one takes a scan in any case. Rows that tie with the last
/// of a step come in the next where the client hands back what says so (<see cref="IterationToken"/>), else all in that step, so that no row is passed over.
/// </summary>
internal static class SearchIteration
{
    /// <summary>The hits of one step, best first, and where the iteration goes on.</summary>
    public static async Task<Result<(IReadOnlyList<Hit> Hits, SearchIteratorStep Next)>> Step(
        CollectionView view, SearchTarget target, SearchIteratorStep step, IRandomSource random, CancellationToken cancel)
    {
        if (target.Spec.Queries.Rows != 1)
        {
            return Failure.Invalid($"search iterator needs exactly one query vector, got {target.Spec.Queries.Rows}");
        }

        if (step.BatchSize < 1)
        {
            return Failure.Invalid($"batch size of a search iterator must be positive, got {step.BatchSize}");
        }

        var token = IterationToken.Read(step.Token, view.Schema.PrimaryKey.Type, random);
        var spec = target.Spec with
        {
            K = step.BatchSize + 1,
            Exact = true,
            After = step.LastBound is { } last ? new(last, token.KeyAt(last)) : null,
        };
        if (!(await view.Search(spec, cancel)).TryGet(out var found, out var failure))
        {
            return failure;
        }

        var hits = Hit.ByQuery(found)[0];
        if (hits.Count <= step.BatchSize)
        {
            return Stepped(hits, null);
        }

        var bound = hits[step.BatchSize - 1].Score;
        Hit[] batch = [.. hits.Take(step.BatchSize)];
        if (hits[step.BatchSize].Score != bound)
        {
            return Stepped(batch, null);
        }

        if (token.ComesBack)
        {
            return Stepped(batch, batch[^1].Key);
        }

        // A client that counts its rows may drop a batch that is longer than it asked; a shorter one is borne by all.
        if (token.Steps == 1 && token.Bound == step.LastBound && batch[0].Score != bound)
        {
            return Stepped([.. batch.Where(h => h.Score != bound)], null);
        }

        var ties = spec with
        {
            K = (int)Math.Min(int.MaxValue - 1, Math.Max(1, view.LiveRows)),
            RangeFilter = bound,
            Radius = target.Metric.LargerIsBetter() ? MathF.BitDecrement(bound) : MathF.BitIncrement(bound),
        };
        if (!(await view.Search(ties, cancel)).TryGet(out var tied, out failure))
        {
            return failure;
        }

        return tied.TooMany
            ? new Failure(FailureCode.Unexpected, $"more than {spec.HitsMax} rows have the score {bound}, and have to come in one step")
            : Stepped([.. batch.Where(h => h.Score != bound), .. Hit.ByQuery(tied)[0]], null);

        Result<(IReadOnlyList<Hit>, SearchIteratorStep)> Stepped(IReadOnlyList<Hit> whole, FieldValue? lastOfTies)
        {
            var bound = whole.Count > 0 ? whole[^1].Score : step.LastBound;
            return (whole, step with { Token = token.After(bound ?? 0, lastOfTies).ToString(), LastBound = bound });
        }
    }
}
