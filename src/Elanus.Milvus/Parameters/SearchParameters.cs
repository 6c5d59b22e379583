using System.Globalization;

namespace Elanus.Milvus;

/// <summary>The key/value parameters of one vector search, read and checked as Milvus's proxy does. Index parameters stay JSON text.</summary>
public sealed record SearchParameters
{
    /// <summary>The vector field; empty where the client leaves it to the schema.</summary>
    public string Field { get; init; } = "";

    public required long TopK { get; init; }

    public long Offset { get; init; }

    public string Metric { get; init; } = "";

    public string Params { get; init; } = "";

    public int RoundDecimal { get; init; } = -1;

    public bool IgnoreGrowing { get; init; }

    public Grouping Grouping { get; init; } = Grouping.None;

    public IteratorStep? Iterator { get; init; }

    /// <summary>The id that the client believes the collection has; 0 where it does not say.</summary>
    public long CollectionId { get; init; }

    /// <param name="pairs">search_params of the request.</param>
    /// <param name="resultsMax">Most results of one query, the offset included.</param>
    /// <param name="whole">The window and grouping of the hybrid search that this one is a part of; null where it stands alone.</param>
    public static Result<SearchParameters> Read(IReadOnlyList<Protocol.Common.KeyValuePair> pairs, long resultsMax, RankWindow? whole = null)
    {
        var list = new ParameterList(pairs);
        var isIterator = list.Find(ParameterNames.Iterator) is "true" or "True";
        if (!ReadTopK(list, resultsMax, whole, isIterator).TryGet(out var topK, out var failure)
            || !ReadOffset(list, resultsMax, whole).TryGet(out var offset, out failure)
            || !ReadRoundDecimal(list).TryGet(out var roundDecimal, out failure)
            || !ReadGrowing(list).TryGet(out var ignoreGrowing, out failure))
        {
            return failure;
        }

        if (topK + offset > resultsMax)
        {
            return ParameterList.Wrong($"{ParameterNames.Offset}+{ParameterNames.TopK} [{topK + offset}] is invalid, {OutOfRange(topK + offset, resultsMax)}");
        }

        var parameters = NestedParameters.Unfold(list.Text(ParameterNames.Params));
        if (!(whole is null ? Grouping.Read(list) : whole.Grouping).TryGet(out var grouping, out failure))
        {
            return failure;
        }

        if (grouping.Field.Length > 0 && isIterator)
        {
            return Failure.Invalid("Not allowed to do groupBy when doing iteration");
        }

        if (grouping.Field.Length > 0 && parameters.Contains("radius", StringComparison.Ordinal))
        {
            return Failure.Invalid("Not allowed to do range-search when doing search-group-by");
        }

        if (!IteratorStep.Read(list, isIterator, grouping, offset, resultsMax).TryGet(out var step, out failure))
        {
            return failure;
        }

        return new SearchParameters
        {
            Field = list.Text(ParameterNames.AnnsField),
            TopK = step?.BatchSize ?? topK,
            Offset = offset,
            Metric = list.Text(ParameterNames.Metric),
            Params = parameters,
            RoundDecimal = roundDecimal,
            IgnoreGrowing = ignoreGrowing,
            Grouping = grouping,
            Iterator = step,
            CollectionId = list.Whole(ParameterNames.CollectionId).TryGet(out var id, out _) ? id ?? 0 : 0,
        };
    }

    /// <summary>Digits behind the point of scores: -1 for all, or 0 to 6.</summary>
    internal static Result<int> ReadRoundDecimal(ParameterList list)
    {
        var text = list.Find(ParameterNames.RoundDecimal) ?? "-1";
        return int.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var digits) && digits is >= -1 and <= 6
            ? digits
            : ParameterList.Wrong($"{ParameterNames.RoundDecimal} [{text}] is invalid, should be -1 or an integer in range [0, 6]");
    }

    internal static Result<bool> ReadGrowing(ParameterList list) => list.Find(ParameterNames.IgnoreGrowing) is null
        ? false
        : list.Truth(ParameterNames.IgnoreGrowing) is { } ignore ? ignore : ParameterList.Wrong("parse search growing failed");

    internal static string OutOfRange(long number, long most) => $"it should be in range [1, {most}], but got {number}";

    private static Result<long> ReadTopK(ParameterList list, long resultsMax, RankWindow? whole, bool isIterator)
    {
        var given = list.Whole(ParameterNames.TopK);
        var read = given.TryGet(out var number, out var failure);
        if (!read || number is null)
        {
            // A part of a hybrid search may leave its own number of results to the whole.
            return whole is not null ? whole.Limit + whole.Offset
                : read ? ParameterList.Wrong($"{ParameterNames.TopK} is required") : failure!;
        }

        if (number > 0 && number <= resultsMax)
        {
            return number.Value;
        }

        return isIterator ? resultsMax : ParameterList.Wrong($"{ParameterNames.TopK} [{number}] is invalid, {OutOfRange(number.Value, resultsMax)}");
    }

    private static Result<long> ReadOffset(ParameterList list, long resultsMax, RankWindow? whole)
    {
        if (whole is not null)
        {
            return 0L;
        }

        if (!list.Whole(ParameterNames.Offset).TryGet(out var offset, out var failure))
        {
            return failure;
        }

        return offset is < 0 || offset > resultsMax
            ? ParameterList.Wrong($"{ParameterNames.Offset} [{offset}] is invalid, {OutOfRange(offset.Value, resultsMax)}")
            : offset ?? 0;
    }
}
