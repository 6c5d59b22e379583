using Elanus.Vectors;

namespace Elanus.Roles;

/// <summary>One search's ranked list of one query, best first: rows as numbers that name the same row in every list.</summary>
public sealed record RankedList(MetricType Metric, IReadOnlyList<int> Rows, IReadOnlyList<float> Scores);

/// <summary>
/// Fuses the ranked lists of several searches into one. Ties go to the smaller row number, so that the same lists give the same result.
/// </summary>
public static class RankFusion
{
    /// <summary>Rows with their fused scores, best first.</summary>
    public static IReadOnlyList<(int Row, float Score)> Fuse(Ranker ranker, IReadOnlyList<RankedList> lists)
    {
        var fused = new Dictionary<int, double>();
        var smallerIsBetter = false;
        switch (ranker)
        {
            case Ranker.Rrf rrf:
                foreach (var list in lists)
                {
                    for (var rank = 0; rank < list.Rows.Count; rank++)
                    {
                        Add(fused, list.Rows[rank], 1 / (rrf.K + rank + 1));
                    }
                }

                break;
            case Ranker.Weighted weighted:
                smallerIsBetter = !weighted.NormScore && lists.Count > 0 && lists.All(l => !l.Metric.LargerIsBetter());
                for (var i = 0; i < lists.Count; i++)
                {
                    var list = lists[i];
                    for (var at = 0; at < list.Rows.Count; at++)
                    {
                        var score = weighted.NormScore
                            ? Normalised(list.Metric, list.Scores[at])
                            : !smallerIsBetter && !list.Metric.LargerIsBetter() ? Normalised(list.Metric, list.Scores[at]) : list.Scores[at];
                        Add(fused, list.Rows[at], weighted.Weights[i] * score);
                    }
                }

                break;
            default:
                throw new InvariantBrokenException($"a ranker of unknown type {ranker.GetType().Name}");
        }

        var ordered = smallerIsBetter
            ? fused.OrderBy(p => p.Value).ThenBy(p => p.Key)
            : fused.OrderByDescending(p => p.Value).ThenBy(p => p.Key);
        return [.. ordered.Select(p => (p.Key, (float)p.Value))];
    }

    /// <summary>A score brought to 0..1, larger being better: Milvus's arctangent form for unbounded scores.</summary>
    private static double Normalised(MetricType metric, float score) => metric switch
    {
        MetricType.Cosine => (1 + score) * 0.5,
        MetricType.Ip => 0.5 + (Math.Atan(score) / Math.PI),
        _ => 1 - (2 * Math.Atan(score) / Math.PI),
    };

    private static void Add(Dictionary<int, double> fused, int row, double score) => fused[row] = fused.GetValueOrDefault(row) + score;
}
