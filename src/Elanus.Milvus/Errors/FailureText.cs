using System.Text;

namespace Elanus.Milvus;

/// <summary>A failure in Milvus's words: <c>sentence: phrase[key=value][key=value]</c>.</summary>
public static class FailureText
{
    public static string Of(Failure failure)
    {
        var phrase = ErrorKinds.Of(failure.Code).Phrase;
        var text = new StringBuilder(failure.Sentence);
        if (phrase.Length > 0)
        {
            text.Append(text.Length > 0 ? ": " : "").Append(phrase);
        }

        foreach (var (key, value) in failure.Details)
        {
            text.Append('[').Append(key).Append('=').Append(value).Append(']');
        }

        return text.Length > 0 ? text.ToString() : "unexpected error";
    }
}
