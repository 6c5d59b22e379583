using Elanus.Primitives;
using Elanus.Vectors;

namespace Elanus.Engine;

/// <summary>
/// One segment's part of a search: which rows may be hits, worked out once, and the best of them, as often as asked. Parts that are scanned and
/// large are cut into pieces for several workers. Where more rows tie for the last place than there is room, those with the
/// lowest keys are kept, so that the same rows in other segments give the same answer; a graph, which is not exact, is not asked for that.
/// </summary>
internal sealed class SegmentSearch
{
    /// <summary>A search of an index costs about as much as comparing this many rows.</summary>
    private const long RowsPerIndexSearch = 2_000;

    private readonly SegmentView segment;
    private readonly MetricType metric;
    private readonly VectorRows rows;
    private readonly Bitset? allowed;
    private readonly SegmentIndex? index;

    private SegmentSearch(SegmentView segment, MetricType metric, VectorRows rows, Bitset? allowed, SegmentIndex? index)
    {
        this.segment = segment;
        this.metric = metric;
        this.rows = rows;
        this.allowed = allowed;
        this.index = index;
    }

    public int Rows => segment.Rows;

    /// <summary>Rows that one query looks at, about.</summary>
    public long RowsOfWork => index is null ? allowed?.Count() ?? segment.Rows : RowsPerIndexSearch;

    private bool IsExact => index?.IsExact != false;

    /// <summary>The segment's part, or null where it has nothing to find.</summary>
    /// <param name="segment">The segment.</param>
    /// <param name="field">Its vectors.</param>
    /// <param name="space">What they are compared in.</param>
    /// <param name="filter">Which rows may be hits; null for all.</param>
    /// <param name="exactly">Whether an index that misses rows is passed over.</param>
    /// <param name="cancel">Ends it in the midst of the filter.</param>
    public static SegmentSearch? Of(SegmentView segment, FieldSchema field, VectorSpace space, RowFilter? filter, bool exactly, CancellationToken cancel)
    {
        if (segment.Store.Layout.Find(field.Id) < 0)
        {
            // The field is younger than these rows: their vectors are null.
            return null;
        }

        var allowed = WithVector(segment, field, filter is null ? segment.Visible() : segment.Matching(filter, cancel).ToBits());
        if (allowed?.Any() == false)
        {
            return null;
        }

        var index = segment.State.Indexes.FirstOrDefault(i => i.Definition.Field == field.Id && i.Definition.Metric == space.Metric && (i.IsExact || !exactly));
        return new(segment, space.Metric, VectorRows.Of(segment, field, space), allowed, index);
    }

    /// <summary>Cuts a large scan into about as many pieces as there are workers; others stay whole.</summary>
    public IEnumerable<SearchPiece> Pieces(int workers, long rowsMin)
    {
        var each = Math.Max(rowsMin, (segment.Rows + workers - 1L) / workers);
        return index is not null || each >= segment.Rows ? [new(this, rows)] : rows.Cut((int)each).Select(part => new SearchPiece(this, part));
    }

    /// <summary>The best rows of a piece, best first, one more than wanted of each query: it shows ties for the last place.</summary>
    public Hit[][] Find(VectorRows among, QueryVectors queries, int k, SearchRequest bounds, IteratorBound? after, CancellationToken cancel)
    {
        var request = bounds with { K = (int)Math.Min(IsExact ? k + 1L : k, segment.Rows), Allowed = allowed };
        if (after is { } last)
        {
            request = request.WorseThan(metric, last.Score);
        }

        return index is null ? among.Search(queries, request, cancel) : index.Search(queries, request, cancel);
    }

    /// <summary>
    /// One query's hits of the whole segment, from what was found in its pieces: at most k, in the order of <see cref="RankedHit.Order"/>. They take the place of what is in the list.
    /// </summary>
    public void Settle(
        List<Hit[]> pieces, QueryVectors query, int k, SearchRequest bounds, IteratorBound? after, List<RankedHit> ranked, CancellationToken cancel)
    {
        ranked.Clear();
        foreach (var piece in pieces)
        {
            foreach (var hit in piece)
            {
                ranked.Add(new(hit.Score, new(segment.Place, hit.Row)));
            }
        }

        var order = RankedHit.Order(_ => segment, metric);
        ranked.Sort(order);
        var settled = true;
        if (IsExact && ranked.Count > k && ranked[k].Score == ranked[k - 1].Score)
        {
            var tied = ranked[k].Score;
            ranked.RemoveAll(hit => hit.Score == tied);
            ranked.AddRange(At(tied, query, bounds, cancel));
            settled = false;
        }

        if (after is { Key: { } key } last)
        {
            ranked.AddRange(At(last.Score, query, bounds, cancel).Where(hit => IsBehind(hit.Row.Row, key)));
            settled = false;
        }

        if (!settled)
        {
            ranked.Sort(order);
        }

        if (ranked.Count > k)
        {
            ranked.RemoveRange(k, ranked.Count - k);
        }
    }

    /// <summary>Takes out rows whose vector is null.</summary>
    private static Bitset? WithVector(SegmentView segment, FieldSchema field, Bitset? allowed)
    {
        for (var c = 0; c < segment.ChunkCount; c++)
        {
            var validity = segment.Chunk(c).Column(field).Validity;
            if (!validity.IsEmpty)
            {
                allowed ??= new(segment.Rows, set: true);
                var words = allowed.Words.Slice(segment.Chunk(c).Start / 64, validity.Length);
                for (var i = 0; i < words.Length; i++)
                {
                    words[i] &= validity[i];
                }
            }
        }

        return allowed;
    }

    /// <summary>Every hit within the bounds that has exactly this score.</summary>
    private IEnumerable<RankedHit> At(float score, QueryVectors query, SearchRequest bounds, CancellationToken cancel)
    {
        var larger = metric.LargerIsBetter();
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
        return rows.Search(query, request, cancel)[0].Select(hit => new RankedHit(hit.Score, new(segment.Place, hit.Row)));
    }

    private bool IsBehind(int row, in FieldValue key) =>
        segment.KeyAt(row).CompareTo(Key.From(segment.Store.Layout.KeyIsText, key)) > 0;
}
