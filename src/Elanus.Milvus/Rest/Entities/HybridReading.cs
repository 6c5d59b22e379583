using System.Text.Json;

namespace Elanus.Milvus.Rest;

/// <summary>A hybrid search request as a call of the proxy.</summary>
internal static class HybridReading
{
    public static Result<HybridSearchCall> Read(RestCall call, CollectionSchema schema)
    {
        if (call.Body.Object("functionScore").Has("functions"))
        {
            return Failure.Unimplemented("functionScore of a hybrid search");
        }

        if (!ReadLevels.Parse(call.Body.Text("consistencyLevel")).TryGet(out var level, out var failure)
            || !Rank(call.Body.Object("rerank")).TryGet(out var ranker, out failure))
        {
            return failure;
        }

        var limit = call.Body.Whole("limit") ?? RowReadRoutes.LimitDefault;
        var offset = call.Body.Whole("offset") ?? 0;
        var grouping = call.Body.Text("groupingField");
        var groupSize = call.Body.Whole("groupSize") is { } size and not 0 ? size : 1;
        var searches = new List<SearchCall>();
        foreach (var part in call.Body.Objects("search"))
        {
            if (!SearchReading.One(call, part, schema, "params", (long)limit + offset).TryGet(out var search, out failure))
            {
                return failure with { Sentence = $"search {searches.Count}: {failure.Sentence}" };
            }

            searches.Add(search with { GroupByField = grouping, GroupSize = groupSize, StrictGroupSize = call.Body.Truth("strictGroupSize") });
        }

        return new HybridSearchCall
        {
            Database = call.Database,
            Collection = call.Collection,
            Partitions = call.Body.Texts("partitionNames"),
            Consistency = level,
            OutputFields = call.Body.Texts("outputFields"),
            Searches = searches,
            Ranker = ranker,
            Limit = limit,
            Offset = offset,
            GroupByField = grouping,
            GroupSize = groupSize,
            StrictGroupSize = call.Body.Truth("strictGroupSize"),
        };
    }

    private static Result<Ranker> Rank(RestBody rerank)
    {
        var given = rerank.Object("params");
        switch (rerank.Text("strategy"))
        {
            case "" or "rrf":
                if (given.Find("k") is not { } k)
                {
                    return new Ranker.Rrf();
                }

                return JsonScalars.Floating(DataType.Double, k) is { } constant
                    ? new Ranker.Rrf(constant)
                    : RestFailures.Format($"rerank.params.k must be a number, got {k}");
            case "weighted":
                return Weights(given);
            case var other:
                return Failure.Invalid($"unsupported rank type {other}; it can be rrf or weighted");
        }
    }

    private static Result<Ranker> Weights(RestBody given)
    {
        if (given.Find("weights") is not { ValueKind: JsonValueKind.Array } list)
        {
            return RestFailures.Format("rerank.params.weights must be a list of numbers");
        }

        var weights = new List<double>();
        foreach (var item in list.EnumerateArray())
        {
            if (JsonScalars.Floating(DataType.Double, item) is not { } weight)
            {
                return RestFailures.Format($"rerank.params.weights must be a list of numbers, got {item} in it");
            }

            weights.Add(weight);
        }

        bool? norm = given.Find("norm_score") is { } flag ? JsonScalars.Truth(flag) : false;
        return norm is { } brought
            ? new Ranker.Weighted(weights, brought)
            : RestFailures.Format("rerank.params.norm_score must be true or false");
    }
}
