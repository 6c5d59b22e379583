using Elanus.Primitives;
using Elanus.Vectors;

namespace Elanus.Engine;

/// <summary>
/// One segment's part of a search: which rows may be hits, worked out once, and the best of them, as often as asked. Exact parts that are
/// large are cut into pieces for several workers. Where more rows tie for the last place than there is room, those with the
/// lowest keys are kept, so that the same rows in other segments give the same answer; a graph, which is not exact, is not asked for that.
/// </summary>
internal sealed class SegmentSearch
{
    /// <summary>A graph walk costs about as much as comparing this many rows.</summary>
    private const long RowsPerWalk = 2_000;

    private readonly SegmentView segment;
    private readonly VectorSpace space;
    private readonly VectorBlock[] blocks;
    private readonly Bitset? allowed;
    private readonly SegmentIndex? index;

    private SegmentSearch(SegmentView segment, VectorSpace space, VectorBlock[] blocks, Bitset? allowed, SegmentIndex? index)
    {
        this.segment = segment;
        this.space = space;
        this.blocks = blocks;
        this.allowed = allowed;
        this.index = index;
    }

    /// <summary>Rows that one query looks at, about.</summary>
    public long RowsOfWork => index is null ? allowed?.Count() ?? segment.Rows : RowsPerWalk;

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
        if (allowed?.Any() == false)
        {
            return null;
        }

        var index = segment.State.Indexes.FirstOrDefault(i => i.Definition.Field == field.Id && i.Definition.Metric == space.Metric);
        return new(segment, space, blocks, allowed, index);
    }

    /// <summary>Cuts a large exact part into about as many as there are workers; others stay whole.</summary>
    public IEnumerable<SearchPiece> Pieces(int workers, long rowsMin)
    {
        var rows = Math.Max(rowsMin, (segment.Rows + workers - 1L) / workers);
        return index is not null || rows >= segment.Rows ? [new(this, blocks)] : Cut((int)rows);
    }

    /// <summary>The best rows of some of the segment's blocks, best first, one more than wanted of each query: it shows ties for the last place.</summary>
    public Hit[][] Find(VectorBlock[] among, ReadOnlySpan<byte> queries, int k, SearchRequest bounds, IteratorBound? after, CancellationToken cancel)
    {
        var request = bounds with { K = (int)Math.Min(index is null ? k + 1L : k, segment.Rows), Allowed = allowed };
        if (after is { } last)
        {
            request = request.WorseThan(space.Metric, last.Score);
        }

        return index is null ? FlatSearch.Search(space, among, queries, request, cancel) : index.Search(queries, request, cancel);
    }

    /// <summary>One query's hits of the whole segment, from what was found in its pieces: at most k, in the order of <see cref="RankedHit.Order"/>.</summary>
    public RankedHit[] Settle(
        IReadOnlyList<Hit[]> pieces, ReadOnlySpan<byte> query, int k, SearchRequest bounds, IteratorBound? after, CancellationToken cancel)
    {
        var ranked = new List<RankedHit>();
        foreach (var hit in pieces.SelectMany(p => p))
        {
            ranked.Add(new(hit.Score, new(segment.Place, hit.Row)));
        }

        var order = RankedHit.Order(_ => segment, space.Metric);
        ranked.Sort(order);
        if (index is null && ranked.Count > k && ranked[k].Score == ranked[k - 1].Score)
        {
            var tied = ranked[k].Score;
            ranked.RemoveAll(hit => hit.Score == tied);
            ranked.AddRange(At(tied, query, bounds, cancel));
        }

        if (after is { Key: { } key } last)
        {
            ranked.AddRange(At(last.Score, query, bounds, cancel).Where(hit => IsBehind(hit.Row.Row, key)));
        }

        ranked.Sort(order);
        return [.. ranked.Take(k)];
    }

    private static void Keep(Span<ulong> words, ReadOnlySpan<ulong> valid)
    {
        for (var i = 0; i < words.Length; i++)
        {
            words[i] &= valid[i];
        }
    }

    private IEnumerable<SearchPiece> Cut(int rows)
    {
        var piece = new List<VectorBlock>();
        var room = rows;
        foreach (var block in blocks)
        {
            for (var from = 0; from < block.Count;)
            {
                var count = Math.Min(block.Count - from, room);
                piece.Add(Part(block, from, count));
                from += count;
                room -= count;
                if (room == 0)
                {
                    yield return new(this, [.. piece]);
                    piece.Clear();
                    room = rows;
                }
            }
        }

        if (piece.Count > 0)
        {
            yield return new(this, [.. piece]);
        }
    }

    private unsafe VectorBlock Part(VectorBlock block, int from, int count) =>
        new(block.Rows + ((long)from * space.RowBytes), count, block.FirstRow + from);

    /// <summary>Every hit within the bounds that has exactly this score.</summary>
    private IEnumerable<RankedHit> At(float score, ReadOnlySpan<byte> query, SearchRequest bounds, CancellationToken cancel)
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
        return FlatSearch.Search(space, blocks, query, request, cancel)[0].Select(hit => new RankedHit(hit.Score, new(segment.Place, hit.Row)));
    }

    private bool IsBehind(int row, in FieldValue key) =>
        segment.KeyAt(row).CompareTo(Key.From(segment.Store.Layout.KeyIsText, key)) > 0;
}
