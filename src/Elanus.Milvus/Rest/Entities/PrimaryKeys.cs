using System.Text.Json;

namespace Elanus.Milvus.Rest;

/// <summary>Primary keys in a request: one, or a list of them.</summary>
internal static class PrimaryKeys
{
    public static Result<IReadOnlyList<FieldValue>> Read(FieldSchema key, JsonElement ids)
    {
        var keys = new List<FieldValue>();
        IEnumerable<JsonElement> all = ids.ValueKind == JsonValueKind.Array ? ids.EnumerateArray() : [ids];
        foreach (var id in all)
        {
            FieldValue? value = key.Type == DataType.Int64
                ? JsonScalars.Integer(DataType.Int64, id) is { } number ? FieldValue.Of(number) : null
                : JsonScalars.Text(id) is { } text ? FieldValue.Of(text) : null;
            if (value is not { } good)
            {
                return RestFailures.Keys($"{id} is no {key.Type} for the primary key {key.Name}");
            }

            keys.Add(good);
        }

        return keys;
    }
}
