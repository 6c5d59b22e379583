using Elanus.Primitives;
using Elanus.Vectors;

namespace Elanus.Engine;

public sealed partial class CollectionView
{
    /// <summary>Hits that are looked for at once, all segments together; a search of one vector may look for more.</summary>
    public const int HitsAtOnce = 1 << 18;

    /// <summary>Memory of a hit that is looked for, until it is among the best of all segments.</summary>
    public const int HitAtOnceBytes = 64;

    /// <summary>
    /// The nearest visible rows to each query vector. Fails where field, metric, query vectors or grouping do not fit the schema.
    /// </summary>
    /// <exception cref="OperationCanceledException">The search was cancelled.</exception>
    public async Task<Result<SearchHits>> Search(SearchSpec spec, CancellationToken cancel)
    {
        if (!Check(spec).TryGet(out var space, out var wrong))
        {
            return wrong;
        }

        var field = Schema.Find(spec.Field)!;
        if (!QueryVectors.Of(spec.Queries, field).TryGet(out var queries, out wrong))
        {
            return wrong;
        }

        var chosen = Chosen(spec.IgnoreGrowing);
        var filter = spec.Filter is null ? null : new RowFilter(spec.Filter, Schema, spec.SampleSeed);
        var parts = await ForEach(chosen, chosen.Sum(s => filter?.WorkIn(s.Rows) ?? 0), (s, stop) => SegmentSearch.Of(s, field, space, filter, spec.Exact, stop), cancel);
        var searched = parts.OfType<SegmentSearch>().ToList();
        if (spec.Group is null)
        {
            return await BestOfAll(searched, spec, queries, cancel) is { } best ? Answer(best, null) : TooMany();
        }

        var grouped = new List<RankedHit[]>();
        var hits = 0L;
        for (var q = 0; q < queries.Count; q++)
        {
            grouped.Add(await Grouped(searched, spec, queries.Only(q), cancel));
            if ((hits += grouped[^1].Length) > spec.HitsMax)
            {
                return TooMany();
            }
        }

        return Answer(grouped, Schema.Find(spec.Group.Field));
    }

    private Result<VectorSpace> Check(SearchSpec spec)
    {
        if (Unknown((spec.Filter?.Fields ?? []).Append(spec.Field).Concat(spec.Group is { } by ? [by.Field] : [])) is { } unknown)
        {
            return unknown;
        }

        var field = Schema.Find(spec.Field)!;
        if (!VectorSpace.Create(field.Type, ColumnLayout.Of(field).Dimension, spec.Metric).TryGet(out var space, out var why))
        {
            return Failure.Invalid($"field {field.Name}: {why.Sentence}");
        }

        if (spec.K < 1)
        {
            return Failure.Invalid($"topk {spec.K} must be at least 1");
        }

        var group = spec.Group is null ? null : Schema.Find(spec.Group.Field);
        if (group is not null && (group.Type.IsVector() || group.Type is DataType.Json or DataType.Array or DataType.Geometry))
        {
            return Failure.Invalid($"results cannot be grouped by field {group.Name} of type {group.Type}");
        }

        return group is not null && spec.Group!.Size < 1 ? Failure.Invalid($"group size {spec.Group.Size} must be at least 1") : space;
    }

    /// <summary>The best hits of each query; null where they are too many. Taken some queries at a time, so that what is looked for at once stays small.</summary>
    private async Task<List<RankedHit[]>?> BestOfAll(List<SegmentSearch> searched, SearchSpec spec, QueryVectors queries, CancellationToken cancel)
    {
        var each = searched.Sum(s => Math.Min(spec.K + 1L, s.Rows));
        var atOnce = (int)Math.Clamp(HitsAtOnce / Math.Max(1, each), 1, int.MaxValue);
        if (queries.Count <= atOnce)
        {
            var whole = await Best(searched, spec, queries, spec.K, cancel);
            return whole.Sum(h => (long)h.Length) <= spec.HitsMax ? whole : null;
        }

        var best = new List<RankedHit[]>(queries.Count);
        var hits = 0L;
        for (var first = 0; first < queries.Count; first += atOnce)
        {
            var some = await Best(searched, spec, queries.Part(first, Math.Min(atOnce, queries.Count - first)), spec.K, cancel);
            best.AddRange(some);
            hits += some.Sum(h => (long)h.Length);
            if (hits > spec.HitsMax)
            {
                return null;
            }
        }

        return best;
    }

    private SearchHits TooMany() => new([], Fetch([], Schema.PrimaryKey), [], [], null) { TooMany = true };

    /// <summary>The best k hits of each query over all segments.</summary>
    private async Task<List<RankedHit[]>> Best(List<SegmentSearch> searched, SearchSpec spec, QueryVectors queries, int k, CancellationToken cancel)
    {
        var bounds = new SearchRequest { K = k, Radius = spec.Radius, RangeFilter = spec.RangeFilter, Ef = spec.Ef ?? 0 };
        var work = searched.Sum(s => s.RowsOfWork) * queries.Count;
        var pieces = work < options.ParallelRowsMin
            ? searched.SelectMany(s => s.Pieces(1, long.MaxValue)).ToList()
            : searched.SelectMany(s => s.Pieces(this.work.Parallelism, options.ParallelRowsMin)).ToList();
        var found = await ForEach(pieces, work, (p, stop) => p.Search.Find(p.Rows, queries, k, bounds, spec.After, stop), cancel);
        var bySegment = pieces.Zip(found).GroupBy(p => p.First.Search, p => p.Second).Select(g => (Search: g.Key, Found: g.ToList())).ToList();
        var order = RankedHit.Order(place => segments[place], spec.Metric);
        var best = new List<RankedHit[]>(queries.Count);

        // Of many queries with many hits each, new lists would be most of what is thrown away.
        var all = new List<RankedHit>();
        var some = new List<RankedHit>();
        for (var q = 0; q < queries.Count; q++)
        {
            cancel.ThrowIfCancellationRequested();
            all.Clear();
            foreach (var (search, parts) in bySegment)
            {
                var into = bySegment.Count == 1 ? all : some;
                search.Settle(parts.ConvertAll(p => p[q]), queries.Only(q), k, bounds, spec.After, into, cancel);
                if (into != all)
                {
                    all.AddRange(into);
                }
            }

            if (bySegment.Count > 1)
            {
                all.Sort(order);
            }

            best.Add(System.Runtime.InteropServices.CollectionsMarshal.AsSpan(all)[..Math.Min(k, all.Count)].ToArray());
        }

        return best;
    }

    /// <summary>Takes more and more of one query's best hits until the groups are full or there are no more.</summary>
    private async Task<RankedHit[]> Grouped(List<SegmentSearch> searched, SearchSpec spec, QueryVectors query, CancellationToken cancel)
    {
        var field = Schema.Find(spec.Group!.Field)!;
        var rows = segments.Sum(s => (long)s.Rows);
        for (var k = Math.Max(64L, 2L * spec.K * spec.Group.Size); ; k *= 4)
        {
            var most = (int)Math.Min(k, int.MaxValue - 1);
            var best = (await Best(searched, spec, query, most, cancel))[0];
            var grouping = new Grouping(spec.Group, spec.K);
            foreach (var hit in best)
            {
                var segment = segments[hit.Row.Segment];
                var chunk = segment.Chunk(segment.Store.ChunkOf(hit.Row.Row));
                grouping.Offer(hit, chunk.Column(field), hit.Row.Row - chunk.Start);
            }

            if (grouping.IsFull || best.Length < most || most >= rows)
            {
                return [.. grouping.Hits()];
            }
        }
    }

    private SearchHits Answer(List<RankedHit[]> perQuery, FieldSchema? group)
    {
        var hits = perQuery.SelectMany(h => h).ToArray();
        var rows = Array.ConvertAll(hits, h => h.Row);
        return new(
            perQuery.ConvertAll(h => h.Length),
            Fetch(rows, Schema.PrimaryKey),
            Array.ConvertAll(hits, h => h.Score),
            rows,
            group is null ? null : Fetch(rows, group));
    }
}
