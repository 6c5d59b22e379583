namespace Elanus.Milvus;

/// <summary>Which of the fused results of a hybrid search come back, and how.</summary>
public sealed record RankWindow
{
    public required long Limit { get; init; }

    public long Offset { get; init; }

    public int RoundDecimal { get; init; } = -1;

    public Grouping Grouping { get; init; } = Grouping.None;

    /// <param name="pairs">rank_params of the request.</param>
    /// <param name="resultsMax">Most results of one query, the offset included.</param>
    public static Result<RankWindow> Read(IReadOnlyList<Protocol.Common.KeyValuePair> pairs, long resultsMax)
    {
        var list = new ParameterList(pairs);
        if (list.Find(ParameterNames.Limit) is null)
        {
            return ParameterList.Wrong($"{ParameterNames.Limit} not found in rank_params");
        }

        if (!list.Whole(ParameterNames.Limit).TryGet(out var limit, out var failure)
            || !list.Whole(ParameterNames.Offset).TryGet(out var offset, out failure))
        {
            return failure;
        }

        if (ResultWindow.Check(limit!.Value, offset ?? 0, resultsMax) is { } outside)
        {
            return outside;
        }

        if (!SearchParameters.ReadRoundDecimal(list).TryGet(out var roundDecimal, out failure)
            || !Grouping.Read(list).TryGet(out var grouping, out failure))
        {
            return failure;
        }

        return new RankWindow { Limit = limit.Value, Offset = offset ?? 0, RoundDecimal = roundDecimal, Grouping = grouping };
    }
}
