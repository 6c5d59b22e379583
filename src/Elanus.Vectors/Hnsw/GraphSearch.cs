using System.Collections.Concurrent;
using Elanus.Primitives;

namespace Elanus.Vectors;

/// <summary>
/// Searches one graph: decides between walk and scan, walks, ranks what was met by the vectors themselves, and lengthens the walk until the
/// request's bounds are passed. Any thread may call it.
/// </summary>
internal sealed unsafe class GraphSearch(VectorSpace space, VectorBlock block, HnswImage image, WalkRows walked) : IDisposable
{
    /// <summary>Candidates ranked again by their vectors, at least, where the walk went by codes.</summary>
    private const int RankedMin = 40;

    /// <summary>The same as a multiple of the hits wanted.</summary>
    private const int RankedAHit = 4;

    /// <summary>Scratches kept for the next search.</summary>
    private const int ScratchesKeptMax = 64;

    private readonly ConcurrentBag<WalkScratch> scratches = [];
    private readonly RowKernel exact = KernelTable.For(space);

    public Hit[][] Search(ReadOnlySpan<byte> queries, SearchRequest request, CancellationToken cancel)
    {
        var allowed = request.Allowed;
        Invariant.Holds(allowed is null || allowed.Length == block.Count, "a bitmap and a graph differ in their number of rows");
        var allowedRows = allowed?.Count() ?? block.Count;
        var ef = Math.Max(request.Ef > 0 ? request.Ef : HnswGraph.EfDefault, request.K);
        if (request.K <= 0 || ScanIsCheaper(allowedRows, ef))
        {
            return FlatSearch.Search(space, [block], queries, request, cancel);
        }

        var count = queries.Length / space.RowBytes;
        var found = new Hit[count][];
        var scratch = Rent();
        try
        {
            for (var i = 0; i < count; i++)
            {
                var query = queries.Slice(i * space.RowBytes, space.RowBytes);
                found[i] = Walk(query, request, allowedRows == block.Count ? null : allowed, allowedRows, ef, scratch, cancel)
                    ?? FlatSearch.Search(space, [block], query, request, cancel)[0];
            }
        }
        finally
        {
            Return(scratch);
        }

        return found;
    }

    public void Dispose()
    {
        while (scratches.TryTake(out var scratch))
        {
            scratch.Dispose();
        }
    }

    /// <summary>
    /// A walk compares about ef x rows / allowed x links rows, scattered; a scan the allowed ones. Counted as equal, which measures well.
    /// </summary>
    private bool ScanIsCheaper(int allowedRows, int ef) =>
        (double)allowedRows * allowedRows <= (double)ef * block.Count * image.Layout.BaseStride;

    /// <summary>As many rows as have ef allowed ones among them where the filter has nothing to do with the query, and half as many again.</summary>
    private int Reach(int ef, int allowedRows) => (int)Math.Min(1.5 * ef * block.Count / allowedRows, block.Count);

    /// <summary>The hits of one query, or null where the walk became longer than a scan.</summary>
    private Hit[]? Walk(ReadOnlySpan<byte> query, SearchRequest request, Bitset? allowed, int allowedRows, int ef, WalkScratch scratch, CancellationToken cancel)
    {
        var range = KeyRange.Of(space.Metric, request);
        var probe = Prepare(query, scratch);
        var walk = new GraphWalk(image, walked);
        var start = walk.Descend(probe, 0, scratch);
        for (; !ScanIsCheaper(allowedRows, ef); ef *= 2)
        {
            cancel.ThrowIfCancellationRequested();
            var ended = allowed is null
                ? walk.Nearest(probe, 0, start, ef, allowedRows, scratch)
                : walk.NearestAllowed(probe, start, Math.Min(ef, allowedRows), Reach(ef, allowedRows), allowed, allowedRows, scratch);
            if (!ended)
            {
                return null;
            }

            var bounded = request.Radius is not null || request.RangeFilter is not null;
            var hits = Rank(query, request.K, range, allowed, bounded, scratch, out var beyond);

            // The far end of a list is the least complete: the outer bound must lie well inside.
            if (!bounded || hits.Length == request.K || beyond > ef / 2 || !scratch.Candidates.IsFull)
            {
                return hits;
            }
        }

        return null;
    }

    /// <summary>Ranks the candidates, or the foremost of them, and their twins by their vectors; counts those beyond the outer bound.</summary>
    private Hit[] Rank(ReadOnlySpan<byte> query, int k, KeyRange range, Bitset? allowed, bool bounded, WalkScratch scratch, out int beyond)
    {
        var candidates = scratch.Candidates;
        var count = bounded || image.Header.HasCodes == 0
            ? candidates.Count
            : Math.Min(candidates.Count, Math.Max(RankedMin, RankedAHit * k));
        var vector = PreparedQueries.Prepare(space, query, scratch.Other);
        var top = new TopHits(k, range);
        beyond = 0;
        var step = image.Layout.BaseStride;
        for (var from = 0; from < count; from += step)
        {
            var some = Math.Min(step, count - from);
            for (var i = 0; i < some; i++)
            {
                scratch.Numbers[i] = candidates.RowAt(from + i);
            }

            exact.GatherFar(vector, block.Rows, scratch.Numbers, some, scratch.Keys);
            for (var i = 0; i < some; i++)
            {
                beyond += scratch.Keys[i] > range.Farthest ? 1 : 0;
                for (var row = scratch.Numbers[i]; row >= 0; row = image.NextTwin(row))
                {
                    if (allowed is null || allowed[row])
                    {
                        top.Offer(scratch.Keys[i], row);
                    }
                }
            }
        }

        return top.Take(space.Metric);
    }

    private Probe Prepare(ReadOnlySpan<byte> query, WalkScratch scratch)
    {
        if (scratch.Codes is not { } codes)
        {
            return PreparedQueries.Prepare(space, query, scratch.Query);
        }

        codes.EncodeQuery(query, (sbyte*)scratch.Query);
        return new Probe(scratch.Query, walked.Space.Dimension, walked.Space.RowBytes, 0f);
    }

    private WalkScratch Rent() => scratches.TryTake(out var scratch)
        ? scratch
        : new WalkScratch(space, image);

    private void Return(WalkScratch scratch)
    {
        if (scratches.Count < ScratchesKeptMax)
        {
            scratches.Add(scratch);
        }
        else
        {
            scratch.Dispose();
        }
    }
}
