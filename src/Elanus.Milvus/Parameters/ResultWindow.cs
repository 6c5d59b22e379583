namespace Elanus.Milvus;

/// <summary>The bounds of limit and offset.</summary>
internal static class ResultWindow
{
    /// <summary>Null where the window is allowed.</summary>
    public static Failure? Check(long limit, long offset, long resultsMax)
    {
        if (offset < 0)
        {
            return Outside($"{ParameterNames.Offset} [{offset}] is invalid, should be gte than 0");
        }

        if (limit <= 0)
        {
            return Outside($"{ParameterNames.Limit} [{limit}] is invalid, should be greater than 0");
        }

        // Compared without adding, which two large numbers would overflow.
        return limit > resultsMax || offset > resultsMax - limit
            ? Outside($"(offset+limit) should be in range [1, {resultsMax}], but got {(Int128)offset + limit}")
            : null;
    }

    private static Failure Outside(string why) => ParameterList.Wrong($"invalid max query result window, {why}");
}
