using System.Collections.Immutable;
using System.Text.Json;

namespace Elanus.Primitives;

/// <summary>A schema as <see cref="KeptJson"/>. What follows from the fields is written for people; it is not read.</summary>
public static class SchemaJson
{
    public static void Write(Utf8JsonWriter json, CollectionSchema schema)
    {
        json.WriteString("name", schema.Name);
        json.WriteString("description", schema.Description);
        json.WriteObjects("fields", schema.Fields.AsSpan(), Write);
        json.WriteBoolean("enableDynamicField", schema.EnableDynamicField);
        json.WriteNumber("version", schema.Version);
        json.WriteObject("primaryKey", schema.PrimaryKey, Write);
        WriteWhereAny(json, "partitionKey", schema.PartitionKey);
        WriteWhereAny(json, "dynamicField", schema.DynamicField);
    }

    public static CollectionSchema Read(JsonElement json) => new()
    {
        Name = json.Text("name"),
        Description = json.Find("description")?.GetString() ?? "",
        Fields = json.List("fields", ReadField),
        EnableDynamicField = json.Flag("enableDynamicField"),
        Version = json.Int32("version"),
    };

    /// <summary>Keys and values in their order: <c>[{"key": …, "value": …}]</c>.</summary>
    public static void WritePairs(Utf8JsonWriter json, string name, ImmutableArray<KeyValuePair<string, string>> pairs)
    {
        json.WriteStartArray(name);
        for (var at = 0; at < pairs.Length; at++)
        {
            json.WriteStartObject();
            json.WriteString("key", pairs[at].Key);
            json.WriteString("value", pairs[at].Value);
            json.WriteEndObject();
        }

        json.WriteEndArray();
    }

    public static KeyValuePair<string, string> ReadPair(JsonElement json) => new(json.Text("key"), json.Text("value"));

    /// <summary>Keys and values in the order of the keys: <c>{key: value}</c>.</summary>
    public static void WriteProperties(Utf8JsonWriter json, ImmutableSortedDictionary<string, string> properties)
    {
        json.WriteStartObject("properties");
        foreach (var (key, value) in properties)
        {
            json.WriteString(key, value);
        }

        json.WriteEndObject();
    }

    public static ImmutableSortedDictionary<string, string> ReadProperties(JsonElement json)
    {
        var properties = ImmutableSortedDictionary<string, string>.Empty;
        if (json.Find("properties") is { } given)
        {
            foreach (var property in given.EnumerateObject())
            {
                properties = properties.SetItem(property.Name, property.Value.GetString() ?? throw new JsonException($"the property {property.Name} is null"));
            }
        }

        return properties;
    }

    private static void Write(Utf8JsonWriter json, FieldSchema field)
    {
        json.WriteNumber("id", field.Id.Value);
        json.WriteString("name", field.Name);
        json.WriteString("description", field.Description);
        json.WriteNumber("type", (int)field.Type);
        json.WriteNumber("elementType", (int)field.ElementType);
        json.WriteBoolean("isPrimaryKey", field.IsPrimaryKey);
        json.WriteBoolean("autoId", field.AutoId);
        json.WriteBoolean("isPartitionKey", field.IsPartitionKey);
        json.WriteBoolean("isClusteringKey", field.IsClusteringKey);
        json.WriteBoolean("isDynamic", field.IsDynamic);
        json.WriteBoolean("nullable", field.Nullable);
        if (field.Default is { } value)
        {
            json.WriteStartObject("default");
            Write(json, value);
            json.WriteEndObject();
        }

        json.WriteNumber("dimension", field.Dimension);
        json.WriteNumber("maxLength", field.MaxLength);
        json.WriteNumber("maxCapacity", field.MaxCapacity);
        WritePairs(json, "typeParams", field.TypeParams);
        WritePairs(json, "indexParams", field.IndexParams);
    }

    private static FieldSchema ReadField(JsonElement json) => new()
    {
        Id = new(json.Member("id").GetInt64()),
        Name = json.Text("name"),
        Description = json.Find("description")?.GetString() ?? "",
        Type = (DataType)json.Member("type").GetInt32(),
        ElementType = (DataType)json.Int32("elementType"),
        IsPrimaryKey = json.Flag("isPrimaryKey"),
        AutoId = json.Flag("autoId"),
        IsPartitionKey = json.Flag("isPartitionKey"),
        IsClusteringKey = json.Flag("isClusteringKey"),
        IsDynamic = json.Flag("isDynamic"),
        Nullable = json.Flag("nullable"),
        Default = json.Find("default") is { } value ? ReadValue(value) : null,
        Dimension = json.Int32("dimension"),
        MaxLength = json.Int32("maxLength"),
        MaxCapacity = json.Int32("maxCapacity"),
        TypeParams = json.ListOrNone("typeParams", ReadPair),
        IndexParams = json.ListOrNone("indexParams", ReadPair),
    };

    private static void Write(Utf8JsonWriter json, FieldValue value)
    {
        json.WriteNumber("type", (int)value.Type);
        json.WriteNumber("integer", value.Integer);
        json.WriteNumber("floating", value.Floating);
        if (value.Text is { } text)
        {
            json.WriteString("text", text);
        }
    }

    private static FieldValue ReadValue(JsonElement json) => new()
    {
        Type = (DataType)json.Int32("type"),
        Integer = json.Int64("integer"),
        Floating = json.Find("floating")?.GetDouble() ?? 0,
        Text = json.Find("text")?.GetString(),
    };

    private static void WriteWhereAny(Utf8JsonWriter json, string name, FieldSchema? field)
    {
        if (field is not null)
        {
            json.WriteObject(name, field, Write);
        }
    }
}
