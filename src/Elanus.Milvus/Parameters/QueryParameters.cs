namespace Elanus.Milvus;

/// <summary>The key/value parameters of a query.</summary>
public sealed record QueryParameters
{
    /// <summary>Null for no limit.</summary>
    public long? Limit { get; init; }

    public long Offset { get; init; }

    public bool IsIterator { get; init; }

    public bool IgnoreGrowing { get; init; }

    /// <summary>The id that the client believes the collection has; 0 where it does not say.</summary>
    public long CollectionId { get; init; }

    /// <param name="pairs">query_params of the request.</param>
    /// <param name="resultsMax">Most rows of one query, the offset included.</param>
    public static Result<QueryParameters> Read(IReadOnlyList<Protocol.Common.KeyValuePair> pairs, long resultsMax)
    {
        var list = new ParameterList(pairs);
        foreach (var key in (ReadOnlySpan<string>)[ParameterNames.ReduceStopForBest, ParameterNames.Iterator])
        {
            if (list.Find(key) is { } text && list.Truth(key) is null)
            {
                return new Failure(FailureCode.InvalidParameter, $"value for {key} is invalid", [new("expected", "true or false"), new("actual", text)]);
            }
        }

        foreach (var key in (ReadOnlySpan<string>)[ParameterNames.TimeFields, ParameterNames.QueryGroupBy, ParameterNames.QueryOrderBy])
        {
            if (list.Text(key).Length > 0)
            {
                return Failure.Unimplemented($"query parameter {key}");
            }
        }

        if (!SearchParameters.ReadGrowing(list).TryGet(out var ignoreGrowing, out var failure)
            || !list.Whole(ParameterNames.CollectionId).TryGet(out var id, out failure)
            || !list.Whole(ParameterNames.Limit).TryGet(out var limit, out failure))
        {
            return failure;
        }

        long? offset = null;
        if (limit is not null)
        {
            // Without a limit Milvus passes the offset over.
            if (!list.Whole(ParameterNames.Offset).TryGet(out offset, out failure))
            {
                return failure;
            }

            if (ResultWindow.Check(limit.Value, offset ?? 0, resultsMax) is { } outside)
            {
                return outside;
            }
        }

        return new QueryParameters
        {
            Limit = limit,
            Offset = offset ?? 0,
            IsIterator = list.Truth(ParameterNames.Iterator) ?? false,
            IgnoreGrowing = ignoreGrowing,
            CollectionId = id ?? 0,
        };
    }
}
