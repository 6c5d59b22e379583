using Elanus.Primitives;

namespace Elanus.Vectors;

/// <summary>
/// Exact search over sparse rows by inner product. A hit has a positive score (as in Milvus, a row that shares nothing with the query is none).
/// A score adds the products in ascending order of index, each by a multiply-add that rounds once, so that the scan and the inverted index agree to
/// the bit.
/// </summary>
public static class SparseSearch
{
    private const int ProductsBetweenCancelChecks = 4096;

    /// <summary>The best hits of each query, in the order of the queries; blocks hold the rows of one segment, each row in one block.</summary>
    /// <exception cref="OperationCanceledException">The search was cancelled.</exception>
    public static Hit[][] Search(
        ReadOnlySpan<SparseBlock> blocks, IReadOnlyList<ReadOnlyMemory<byte>> queries, SearchRequest request, CancellationToken cancel)
    {
        var range = Range(request);
        var top = new TopHits[queries.Count];
        var weights = new SparseWeights[queries.Count];
        for (var q = 0; q < top.Length; q++)
        {
            top[q] = new TopHits(request.K, range);
            weights[q] = new SparseWeights(SparseVector.Pairs(queries[q].Span));
        }

        var products = 0;
        foreach (var block in blocks)
        {
            Invariant.Holds(
                request.Allowed is null || (uint)(block.FirstRow + block.Count) <= (uint)request.Allowed.Length,
                "a bitmap is shorter than the rows searched");
            for (var row = 0; row < block.Count && request.K > 0; row++)
            {
                if (request.Allowed is { } allowed && !allowed[block.FirstRow + row])
                {
                    continue;
                }

                var pairs = SparseVector.Pairs(block.Row(row));
                for (var q = 0; q < top.Length; q++)
                {
                    if (products++ % ProductsBetweenCancelChecks == 0)
                    {
                        cancel.ThrowIfCancellationRequested();
                    }

                    top[q].Offer(0f - weights[q].Product(pairs), block.FirstRow + row);
                }
            }
        }

        return Array.ConvertAll(top, t => t.Take(MetricType.Ip));
    }

    /// <summary>A request's bounds, and above zero.</summary>
    internal static KeyRange Range(SearchRequest request)
    {
        var range = KeyRange.Of(MetricType.Ip, request);
        return range with { Farthest = Math.Min(range.Farthest, -float.Epsilon) };
    }
}
