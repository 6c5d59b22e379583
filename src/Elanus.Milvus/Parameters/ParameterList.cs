using System.Globalization;

namespace Elanus.Milvus;

/// <summary>Key/value strings of a request. Where a key stands twice the first one counts.</summary>
public readonly struct ParameterList(IReadOnlyList<Protocol.Common.KeyValuePair> pairs)
{
    public string? Find(string key)
    {
        foreach (var pair in pairs)
        {
            if (pair.Key == key)
            {
                return pair.Value;
            }
        }

        return null;
    }

    /// <summary>A text; empty where the key is absent.</summary>
    public string Text(string key) => Find(key) ?? "";

    /// <summary>A whole number; null where the key is absent.</summary>
    public Result<long?> Whole(string key)
    {
        if (Find(key) is not { } text)
        {
            return Result<long?>.Ok(null);
        }

        return long.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var number)
            ? Result<long?>.Ok(number)
            : Wrong($"{key} [{text}] is invalid");
    }

    /// <summary>A truth value in the spellings that Go's ParseBool takes; null where the key is absent or says anything else.</summary>
    public bool? Truth(string key) => Find(key) switch
    {
        "1" or "t" or "T" or "true" or "True" or "TRUE" => true,
        "0" or "f" or "F" or "false" or "False" or "FALSE" => false,
        _ => null,
    };

    /// <summary>Milvus answers a wrong read parameter with its failure without a kind; suites compare that number.</summary>
    internal static Failure Wrong(string sentence) => new(FailureCode.Unexpected, sentence);
}
