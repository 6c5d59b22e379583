using System.Text.Json;

namespace Elanus.Milvus;

/// <summary>
/// The parameters of CreateIndex. Clients pack the index's own ones into a JSON object under <c>params</c>; here they stand beside it, one by
/// one, so that they can be checked. The packed form is kept: DescribeIndex returns what the client sent.
/// </summary>
public static class IndexParameters
{
    internal const string Packed = "params";

    public static Result<IReadOnlyList<KeyValuePair<string, string>>> Read(IReadOnlyList<Protocol.Common.KeyValuePair> pairs)
    {
        var read = new List<KeyValuePair<string, string>>();
        foreach (var pair in pairs)
        {
            read.Add(new(pair.Key, pair.Value));
            if (pair.Key == Packed && !Unpack(pair.Value, read).TryGet(out _, out var failure))
            {
                return failure;
            }
        }

        return read;
    }

    /// <summary>The parameters in the form that the client sent them: what stands in the packed object does not stand beside it too.</summary>
    public static IEnumerable<KeyValuePair<string, string>> Shown(IndexInfo index)
    {
        var packed = new List<KeyValuePair<string, string>>();
        if (index.Param(Packed) is { } json)
        {
            // What does not unpack was refused when the index was made.
            Unpack(json, packed);
        }

        return index.Params.Except(packed).Concat(index.Properties);
    }

    private static Result<Unit> Unpack(string json, List<KeyValuePair<string, string>> into)
    {
        try
        {
            using var document = WholeJson.Parse(json);
            if (document.RootElement.ValueKind != JsonValueKind.Object)
            {
                return Failure.Invalid($"index params must be a JSON object, got {json}");
            }

            foreach (var property in document.RootElement.EnumerateObject())
            {
                into.Add(new(property.Name, property.Value.ValueKind == JsonValueKind.String ? property.Value.GetString()! : property.Value.GetRawText()));
            }

            return Result.Ok;
        }
        catch (JsonException broken)
        {
            return Failure.Invalid($"index params are not valid JSON: {broken.Message}");
        }
    }
}
