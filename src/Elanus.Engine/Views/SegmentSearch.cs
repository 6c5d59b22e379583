using Elanus.Primitives;
using Elanus.Vectors;

namespace Elanus.Engine;

/// <summary>
/// One segment's part of a search: which rows may be hits, worked out once, and the best of them, as often as asked. Where more rows tie
/// for the last place than there is room, those with the lowest keys are kept, so that the same data in other segments gives the same answer.
/// </summary>
internal sealed class SegmentSearch
{
    private readonly SegmentView segment;
    private readonly VectorSpace space;
    private readonly VectorBlock[] blocks;
    private readonly Bitset? allowed;

    private SegmentSearch(SegmentView segment, VectorSpace space, VectorBlock[] blocks, Bitset? allowed)
    {
        this.segment = segment;
        this.space = space;
        this.blocks = blocks;
        this.allowed = allowed;
    }

    public SegmentView Segment => segment;

    /// <summary>The segment's part, or null where it has nothing to find.</summary>
    public static SegmentSearch? Of(SegmentView segment, FieldSchema field, VectorSpace space, SearchSpec spec)
    {
        if (segment.Store.Layout.Find(field.Id) < 0)
        {
            // The field is younger than these rows: their vectors are null.
            return null;
        }

        var allowed = segment.Visible();
        if (spec.Filter is not null)
        {
            allowed = segment.Matching(spec.Filter, allowed, spec.SampleSeed);
        }

        var blocks = new VectorBlock[segment.ChunkCount];
        for (var c = 0; c < blocks.Length; c++)
        {
            var chunk = segment.Chunk(c);
            var column = (NativeColumn)chunk.Column(field);
            blocks[c] = column.Block(chunk.Start);
            if (!column.Validity.IsEmpty)
            {
                allowed ??= new(segment.Rows, set: true);
                Keep(allowed.Words.Slice(chunk.Start / 64, column.Validity.Length), column.Validity);
            }
        }

        allowed?.ClearTail();
        return allowed?.Any() == false ? null : new(segment, space, blocks, allowed);
    }

    /// <summary>At most <paramref name="k"/> hits a query, in the order of <see cref="RankedHit.Order"/>.</summary>
    public RankedHit[][] Best(ReadOnlySpan<byte> queries, int k, SearchRequest bounds, IteratorBound? after, CancellationToken cancel)
    {
        // One more than wanted shows whether rows beyond the last place tie with it.
        var request = bounds with { K = (int)Math.Min(k + 1L, segment.Rows), Allowed = allowed };
        if (after is { } last)
        {
            request = request.WorseThan(space.Metric, last.Score);
        }

        var found = FlatSearch.Search(space, blocks, queries, request, cancel);
        var best = new RankedHit[found.Length][];
        for (var q = 0; q < best.Length; q++)
        {
            best[q] = Settle(found[q], queries.Slice(q * space.RowBytes, space.RowBytes), k, bounds, after, cancel);
        }

        return best;
    }

    private RankedHit[] Settle(
        Hit[] found, ReadOnlySpan<byte> query, int k, SearchRequest bounds, IteratorBound? after, CancellationToken cancel)
    {
        IEnumerable<Hit> hits = found;
        if (found.Length > k && found[k].Score == found[k - 1].Score)
        {
            var tied = found[k].Score;
            hits = found.TakeWhile(hit => hit.Score != tied).Concat(At(tied, query, bounds, cancel));
        }

        if (after is { Key: { } key } last)
        {
            hits = At(last.Score, query, bounds, cancel).Where(hit => IsBehind(hit.Row, key)).Concat(hits);
        }

        var ranked = hits.Select(hit => new RankedHit(hit.Score, new(segment.Place, hit.Row))).ToArray();
        Array.Sort(ranked, RankedHit.Order(_ => segment, space.Metric));
        return ranked.Length > k ? ranked[..k] : ranked;
    }

    /// <summary>Every hit within the bounds that has exactly this score.</summary>
    private Hit[] At(float score, ReadOnlySpan<byte> query, SearchRequest bounds, CancellationToken cancel)
    {
        var larger = space.Metric.LargerIsBetter();
        var inner = bounds.RangeFilter is not { } filter || (larger ? score <= filter : score >= filter);
        var outer = bounds.Radius is not { } radius || (larger ? score > radius : score < radius);
        if (!inner || !outer)
        {
            return [];
        }

        var request = new SearchRequest
        {
            K = segment.Rows,
            Allowed = allowed,
            RangeFilter = score,
            Radius = larger ? MathF.BitDecrement(score) : MathF.BitIncrement(score),
        };
        return FlatSearch.Search(space, blocks, query, request, cancel)[0];
    }

    private bool IsBehind(int row, in FieldValue key) =>
        segment.KeyAt(row).CompareTo(Key.From(segment.Store.Layout.KeyIsText, key)) > 0;

    private static void Keep(Span<ulong> words, ReadOnlySpan<ulong> valid)
    {
        for (var i = 0; i < words.Length; i++)
        {
            words[i] &= valid[i];
        }
    }
}
