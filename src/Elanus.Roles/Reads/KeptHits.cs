using Elanus.Engine;

namespace Elanus.Roles;

/// <summary>The hits that an answer shows: rows and scores, query after query.</summary>
/// <param name="Counts">Hits of each query.</param>
internal sealed record KeptHits(IReadOnlyList<int> Counts, RowReference[] Rows, float[] Scores)
{
    public static KeptHits Of(IReadOnlyList<IReadOnlyList<Hit>> queries)
    {
        var all = queries.Sum(hits => hits.Count);
        var kept = new KeptHits([.. queries.Select(hits => hits.Count)], new RowReference[all], new float[all]);
        var at = 0;
        foreach (var hits in queries)
        {
            foreach (var hit in hits)
            {
                kept.Rows[at] = hit.Row;
                kept.Scores[at++] = hit.Score;
            }
        }

        return kept;
    }
}
