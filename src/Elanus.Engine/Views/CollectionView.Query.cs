using Elanus.Primitives;

namespace Elanus.Engine;

public sealed partial class CollectionView
{
    /// <summary>
    /// The rows that match, in ascending order of primary key; under a limit the lowest ones. Fails where a field is not the schema's or a
    /// bound is negative.
    /// </summary>
    /// <exception cref="OperationCanceledException">The query was cancelled.</exception>
    public async Task<Result<QueryRows>> Query(QuerySpec spec, CancellationToken cancel)
    {
        if (Unknown(spec.Filter.Fields.Concat(spec.Output)) is { } unknown)
        {
            return unknown;
        }

        if (spec.Limit < 0 || spec.Offset < 0)
        {
            return Failure.Invalid($"limit {spec.Limit} and offset {spec.Offset} must not be negative");
        }

        var filter = new RowFilter(spec.Filter, Schema, spec.SampleSeed);
        var chosen = Chosen(spec.IgnoreGrowing);
        var filterWork = chosen.Sum(s => filter.WorkIn(s.Rows));
        if (spec.CountOnly)
        {
            var counts = await ForEach(chosen, filterWork, (s, stop) => s.CountLive(filter, stop), cancel);
            return new QueryRows(counts.Sum(), [], Fetch([], Schema.PrimaryKey), Fetch([], spec.Output));
        }

        var wanted = (int)Math.Min((ulong)(spec.Limit ?? int.MaxValue) + (ulong)spec.Offset, int.MaxValue);
        var work = spec.Filter.AlwaysMatches ? chosen.Sum(s => (long)LowestKeys.WorkOf(s, wanted)) : filterWork;
        var lowest = await ForEach(chosen, work, (s, stop) => LowestKeys.Of(s, filter, wanted, stop), cancel);
        var rows = LowestKeys.Merge(segments, lowest, wanted, cancel);
        var answered = rows.AsSpan((int)Math.Min(spec.Offset, rows.Length));
        return new QueryRows(answered.Length, answered.ToArray(), Fetch(answered, Schema.PrimaryKey), Fetch(answered, spec.Output));
    }
}
