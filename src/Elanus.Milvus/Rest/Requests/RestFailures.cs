namespace Elanus.Milvus.Rest;

/// <summary>The failures that only this API has, and their wording.</summary>
internal static class RestFailures
{
    /// <summary>The numbers of failures that this API alone makes.</summary>
    private const int OwnFirst = 1800;
    private const int OwnLast = 1807;

    public static Failure Format(string why) => new(FailureCode.IncorrectFormat, why);

    public static Failure Missing(IEnumerable<string> names) => new(FailureCode.MissingRequiredParameters, $"the request body needs {string.Join(", ", names)}");

    public static Failure Missing(string name) => Missing([name]);

    public static Failure Rows(string why) => new(FailureCode.InvalidInsertData, why);

    public static Failure Keys(string why) => new(FailureCode.BadPrimaryKeys, why);

    /// <summary>A failure in Milvus's words. This API's own ones begin with their phrase: <c>phrase, error: sentence</c>.</summary>
    public static string Text(Failure failure)
    {
        var kind = ErrorKinds.Of(failure.Code);
        return kind.Code is >= OwnFirst and <= OwnLast && failure.Sentence.Length > 0
            ? $"{kind.Phrase}, error: {failure.Sentence}"
            : FailureText.Of(failure);
    }
}
