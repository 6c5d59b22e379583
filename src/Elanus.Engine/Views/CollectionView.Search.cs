using Elanus.Primitives;
using Elanus.Vectors;

namespace Elanus.Engine;

public sealed partial class CollectionView
{
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
        var bounds = new SearchRequest { K = spec.K, Radius = spec.Radius, RangeFilter = spec.RangeFilter, Ef = spec.Ef ?? 0 };
        var chosen = segments.Where(s => !spec.IgnoreGrowing || s.State.IsSealed).ToList();
        var rowsOfWork = chosen.Sum(s => (long)s.Rows) * spec.Queries.Rows;
        if (spec.Group is null)
        {
            var found = await ForEach(
                chosen,
                rowsOfWork,
                (s, stop) => SegmentSearch.Of(s, field, space, spec)?.Best(spec.Queries.Values, spec.K, bounds, spec.After, stop),
                cancel);
            return Answer(Enumerable.Range(0, spec.Queries.Rows).Select(q => Merge(found, q, spec.K, spec.Metric)).ToList(), null);
        }

        var parts = await ForEach(chosen, rowsOfWork, (s, _) => SegmentSearch.Of(s, field, space, spec), cancel);
        var grouped = new List<RankedHit[]>();
        for (var q = 0; q < spec.Queries.Rows; q++)
        {
            grouped.Add(await Grouped(spec, bounds, parts, q, cancel));
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

        var given = spec.Queries;
        if (!ColumnLayout.Of(field).Fits(given))
        {
            return Failure.Invalid(
                $"query vectors of type {given.Type} and dimension {given.Dimension} do not fit field {field.Name} of type {field.Type} and dimension {field.Dimension}");
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

    private RankedHit[] Merge(RankedHit[]?[]?[] found, int query, int k, MetricType metric)
    {
        var all = found.Where(f => f is not null).SelectMany(f => f![query]!).ToArray();
        Array.Sort(all, RankedHit.Order(place => segments[place], metric));
        return all.Length > k ? all[..k] : all;
    }

    /// <summary>Takes more and more of the best hits until the groups are full or there are no more.</summary>
    private async Task<RankedHit[]> Grouped(SearchSpec spec, SearchRequest bounds, SegmentSearch?[] parts, int query, CancellationToken cancel)
    {
        var field = Schema.Find(spec.Group!.Field)!;
        var width = spec.Queries.Rows == 0 ? 0 : spec.Queries.Values.Length / spec.Queries.Rows;
        var searched = parts.Where(p => p is not null).Select(p => p!.Segment).ToList();
        var rows = searched.Sum(s => (long)s.Rows);
        for (var k = Math.Max(64L, 2L * spec.K * spec.Group.Size); ; k *= 4)
        {
            var most = (int)Math.Min(k, int.MaxValue - 1);
            var found = await ForEach(
                searched,
                rows,
                (s, stop) => parts.First(p => p?.Segment == s)!.Best(spec.Queries.Values.Slice(query * width, width), most, bounds, spec.After, stop),
                cancel);
            var best = Merge(found, 0, most, spec.Metric);
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
