using System.Collections.Frozen;
using System.Text.Json;

namespace Elanus.Milvus.Rest;

/// <summary>
/// The members of request bodies and what each must be. A name means the same in every call, which is why one table is enough; members that are
/// not in it (ids, rows, vectors, default values) are judged by the schema.
/// </summary>
internal static class MemberKinds
{
    private static readonly FrozenDictionary<string, MemberKind> Table = Entries(
        (MemberKind.Text,
        [
            "dbName", "collectionName", "newCollectionName", "newDbName", "partitionName", "aliasName", "indexName", "fieldName", "description",
            "filter", "annsField", "groupingField", "consistencyLevel", "idType", "metricType", "indexType", "primaryFieldName", "vectorFieldName",
            "dataType", "elementDataType", "strategy", "userName", "password", "newPassword",
        ]),
        (MemberKind.Whole, ["limit", "offset", "groupSize", "dimension"]),
        (MemberKind.Truth,
        [
            "autoID", "enableDynamicField", "isPrimary", "isPartitionKey", "isClusteringKey", "nullable", "strictGroupSize", "partialUpdate",
        ]),
        (MemberKind.Texts, ["partitionNames", "outputFields", "propertyKeys"]),
        (MemberKind.Object,
        [
            "properties", "params", "searchParams", "exprParams", "elementTypeParams", "fieldParams", "schema", "rerank", "functionScore",
        ]),
        (MemberKind.Objects, ["fields", "indexParams", "search", "functions"]));

    /// <summary>Null where a member has the type that it must have; else what is wrong. Null values count as absent.</summary>
    public static string? Fault(string name, JsonElement value)
    {
        if (value.ValueKind == JsonValueKind.Null || !Table.TryGetValue(name, out var kind))
        {
            return null;
        }

        return kind switch
        {
            MemberKind.Text when value.ValueKind != JsonValueKind.String => "a text",
            MemberKind.Whole when value.ValueKind != JsonValueKind.Number || !value.TryGetInt32(out _) => "a whole number of 32 bits",
            MemberKind.Truth when value.ValueKind is not (JsonValueKind.True or JsonValueKind.False) => "true or false",
            MemberKind.Texts when !IsListOf(value, JsonValueKind.String) => "a list of texts",
            MemberKind.Object when value.ValueKind != JsonValueKind.Object => "an object",
            MemberKind.Objects when !IsListOf(value, JsonValueKind.Object) => "a list of objects",
            _ => null,
        };
    }

    private static bool IsListOf(JsonElement value, JsonValueKind kind) =>
        value.ValueKind == JsonValueKind.Array && value.EnumerateArray().All(e => e.ValueKind == kind);

    private static FrozenDictionary<string, MemberKind> Entries(params (MemberKind Kind, string[] Names)[] groups) =>
        groups.SelectMany(g => g.Names.Select(n => KeyValuePair.Create(n, g.Kind))).ToFrozenDictionary(StringComparer.OrdinalIgnoreCase);
}
