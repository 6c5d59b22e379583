using Elanus.Engine;
using Elanus.Vectors;

namespace Elanus.Roles;

/// <summary>A search call checked against schema and index: what the engine is to do.</summary>
internal sealed record SearchTarget(FieldSchema Field, MetricType Metric, FieldSchema? GroupField, SearchSpec Spec)
{
    /// <summary>Most hits that a search whose window was checked can have in a view.</summary>
    public static long HitsOf(SearchCall call, int queries, CollectionView view) => queries * Math.Min((call.TopK + call.Offset) * call.GroupSize, view.LiveRows);

    /// <param name="vectors">The query vectors, resolved; one a row.</param>
    public static Result<SearchTarget> Make(ProxyContext proxy, ReadPlan plan, SearchCall call, ColumnBlock vectors)
    {
        if (!VectorField(plan.Collection, call.Field).TryGet(out var field, out var failure)
            || !Indexed(proxy, plan.Collection, field, call.Metric).TryGet(out var indexed, out failure)
            || !SearchRules.Read(call.Params, indexed.Metric).TryGet(out var rules, out failure)
            || !Grouping(plan.Collection, call.GroupByField, call.GroupSize).TryGet(out var group, out failure))
        {
            return failure;
        }

        if (Window(proxy.Limits, call, vectors.Rows) is { } outside)
        {
            return outside;
        }

        if (call.Iterator is null && rules.CheckBreadth(indexed.Type, call.TopK + call.Offset) is { } narrow)
        {
            return narrow;
        }

        if (vectors.Type != field.Type)
        {
            return Failure.Invalid($"vector type must be the same, field {field.Name} - type {field.Type}, search info type {vectors.Type}");
        }

        if (field.Type.IsDenseVector() && vectors.Dimension != field.Dimension)
        {
            return Failure.Invalid($"vector dimension mismatch, expected vector size(byte) {field.Type.Width(field.Dimension)}, actual {vectors.Type.Width(vectors.Dimension)}: field {field.Name} has dimension {field.Dimension}, the query has {vectors.Dimension}");
        }

        if (ValueRules.Check(field, vectors, proxy.Limits) is { } bad)
        {
            return bad with { Sentence = $"query vectors: {bad.Sentence}" };
        }

        return new SearchTarget(field, indexed.Metric, group, new()
        {
            Field = field.Id,
            Metric = indexed.Metric,
            Queries = vectors,
            K = (int)(call.TopK + call.Offset),
            Ef = rules.Ef,
            Radius = rules.Radius,
            RangeFilter = rules.RangeFilter,
            Filter = plan.Filter,
            IgnoreGrowing = call.IgnoreGrowing,
            Group = group is null ? null : new(group.Id, call.GroupSize, call.StrictGroupSize),
            SampleSeed = proxy.Random.NextUInt64(),
            HitsMax = proxy.Memory.HitsMax,
        });
    }

    public static Result<FieldSchema> VectorField(CollectionInfo collection, string name)
    {
        if (name.Length > 0)
        {
            return collection.Schema.Find(name) switch
            {
                null => Failure.Invalid($"failed to get field schema by name: fieldName({name}) not found"),
                var found when !found.Type.IsVector() => Failure.Invalid($"field ({name}) to search is not of vector data type"),
                var found => found,
            };
        }

        var vectors = collection.Schema.Fields.Where(f => f.Type.IsVector()).ToList();
        return vectors.Count == 1 ? vectors[0] : Failure.Invalid("multiple anns_fields exist, please specify a anns_field in search_params");
    }

    private static Result<(MetricType Metric, string Type)> Indexed(ProxyContext proxy, CollectionInfo collection, FieldSchema field, string asked)
    {
        var index = proxy.Metadata.Current.Indexes.Of(collection.Id).FirstOrDefault(i => i.Field == field.Id);
        if (index is null || !Metrics.TryParse(index.Param(IndexRules.MetricTypeKey) ?? "", out var metric))
        {
            return new Failure(FailureCode.IndexNotFound, $"there is no vector index on field: [{field.Name}], please create index firstly");
        }

        return asked.Length == 0 || asked.Equals(metric.Name(), StringComparison.OrdinalIgnoreCase)
            ? (metric, index.Param(IndexRules.IndexTypeKey) ?? "")
            : new Failure(FailureCode.InvalidParameter, $"metric type not match on field {field.Name}", [new("expected", metric.Name()), new("actual", asked)]);
    }

    public static Result<FieldSchema?> Grouping(CollectionInfo collection, string name, int size)
    {
        if (name.Length == 0)
        {
            return Result<FieldSchema?>.Ok(null);
        }

        if (collection.Schema.Find(name) is not { } field)
        {
            return Failure.Invalid($"groupBy field not found in schema: {name}");
        }

        if (!field.Type.IsInteger() && field.Type is not (DataType.Bool or DataType.VarChar))
        {
            return Failure.Invalid($"unsupported data type {field.Type} for group by operator (field {name})");
        }

        return size is >= 1 and <= 1_000
            ? field
            : Failure.Invalid($"input group size:{size} is out of range [1, 1000]");
    }

    public static Failure? Window(Limits limits, SearchCall call, int queries)
    {
        if (call.TopK < 1 || call.TopK > limits.TopKMax)
        {
            return Failure.Invalid($"topk [{call.TopK}] is invalid, it should be in range [1, {limits.TopKMax}], but got {call.TopK}");
        }

        if (call.Offset < 0 || call.Offset > limits.ResultWindowMax)
        {
            return Failure.Invalid($"offset [{call.Offset}] is invalid, it should be in range [1, {limits.ResultWindowMax}], but got {call.Offset}");
        }

        if (call.TopK + call.Offset > limits.ResultWindowMax)
        {
            return Failure.Invalid($"offset+limit [{call.TopK + call.Offset}] is invalid, it should be in range [1, {limits.ResultWindowMax}], but got {call.TopK + call.Offset}");
        }

        if (queries < 1 || queries > limits.QueriesMax)
        {
            return Failure.Invalid($"nq [{queries}] is invalid, nq (number of search vector per search request) should be in range [1, {limits.QueriesMax}], but got {queries}");
        }

        return call.RoundDecimal is < -1 or > 6
            ? Failure.Invalid($"round_decimal [{call.RoundDecimal}] is invalid, it should be -1 or an integer in range [0, 6]")
            : null;
    }
}
