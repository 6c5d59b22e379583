using System.Numerics;
using Elanus.Primitives;

namespace Elanus.Vectors.Tests;

/// <summary>Scores by plain loops: the canonical order written out lane by lane, and double precision for what is near enough.</summary>
internal static class Reference
{
    public static float Score(VectorSpace space, ReadOnlySpan<byte> query, ReadOnlySpan<byte> row)
    {
        if (space.Type == DataType.BinaryVector)
        {
            return Binary(space.Metric, query, row);
        }

        if (space.Type == DataType.Int8Vector)
        {
            return Integer(space.Metric, query, row);
        }

        var q = Floats(space, query);
        var r = Floats(space, row);
        return space.Metric switch
        {
            MetricType.L2 => Sum(q.Zip(r, (a, b) => a - b).ToArray(), null),
            MetricType.Ip => Sum(q, r),
            _ => Cosine(Sum(q, r), Sum(q, q), Sum(r, r)),
        };
    }

    /// <summary>All rows that a request lets through, best first.</summary>
    public static Hit[] Search(VectorSpace space, SampleRows rows, ReadOnlySpan<byte> query, SearchRequest request)
    {
        var hits = new List<Hit>();
        for (var row = 0; row < rows.Count; row++)
        {
            var score = Score(space, query, rows.Row(row));
            var inside = space.Metric.LargerIsBetter()
                ? (request.Radius is not { } outer || score > outer) && (request.RangeFilter is not { } inner || score <= inner)
                : (request.Radius is not { } far || score < far) && (request.RangeFilter is not { } near || score >= near);
            if (inside && !float.IsInfinity(score) && request.Allowed?[row] != false)
            {
                hits.Add(new(row, score));
            }
        }

        var sign = space.Metric.LargerIsBetter() ? -1 : 1;
        return [.. hits.OrderBy(h => sign * h.Score).ThenBy(h => h.Row).Take(request.K)];
    }

    public static float[] Floats(VectorSpace space, ReadOnlySpan<byte> vector)
    {
        var values = new float[space.Dimension];
        VectorValues.Widen(space.Type, vector, values);
        return values;
    }

    private static float Sum(float[] left, float[]? right)
    {
        right ??= left;
        var lanes = new float[16];
        for (var i = 0; i < left.Length; i++)
        {
            lanes[i % 16] = MathF.FusedMultiplyAdd(left[i], right[i], lanes[i % 16]);
        }

        for (var half = 8; half > 0; half /= 2)
        {
            for (var i = 0; i < half; i++)
            {
                lanes[i] += lanes[i + half];
            }
        }

        return lanes[0] + 0f;
    }

    private static float Cosine(float product, float left, float right)
    {
        if (left == 0 || right == 0)
        {
            return 0f;
        }

        return Math.Clamp(product * (1f / MathF.Sqrt(left)) * (1f / MathF.Sqrt(right)), -1f, 1f);
    }

    private static float Integer(MetricType metric, ReadOnlySpan<byte> query, ReadOnlySpan<byte> row)
    {
        long distance = 0, product = 0, left = 0, right = 0;
        for (var i = 0; i < query.Length; i++)
        {
            long q = (sbyte)query[i], r = (sbyte)row[i];
            distance += (q - r) * (q - r);
            product += q * r;
            left += q * q;
            right += r * r;
        }

        return metric switch
        {
            MetricType.L2 => distance,
            MetricType.Ip => product,
            _ => Cosine(product, left, right),
        };
    }

    private static float Binary(MetricType metric, ReadOnlySpan<byte> query, ReadOnlySpan<byte> row)
    {
        int different = 0, both = 0, either = 0;
        bool queryInRow = true, rowInQuery = true;
        for (var i = 0; i < query.Length; i++)
        {
            different += BitOperations.PopCount((uint)(query[i] ^ row[i]));
            both += BitOperations.PopCount((uint)(query[i] & row[i]));
            either += BitOperations.PopCount((uint)(query[i] | row[i]));
            queryInRow &= (query[i] & ~row[i]) == 0;
            rowInQuery &= (row[i] & ~query[i]) == 0;
        }

        return metric switch
        {
            MetricType.Hamming => different,
            MetricType.Jaccard => either == 0 ? 1f : (float)(either - both) / either,
            MetricType.Substructure => queryInRow ? 0f : float.PositiveInfinity,
            _ => rowInQuery ? 0f : float.PositiveInfinity,
        };
    }
}
