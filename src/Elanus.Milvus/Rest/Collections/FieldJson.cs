using System.Text.Json;

namespace Elanus.Milvus.Rest;

/// <summary>A field as a description of its collection shows it.</summary>
internal static class FieldJson
{
    public static void Write(Utf8JsonWriter writer, FieldSchema field)
    {
        writer.WriteStartObject();
        writer.WriteString("name", field.Name);
        writer.WriteNumber("id", field.Id.Value);
        writer.WriteString("type", DataTypeNames.Of(field.Type));
        writer.WriteBoolean("primaryKey", field.IsPrimaryKey);
        writer.WriteBoolean("partitionKey", field.IsPartitionKey);
        writer.WriteBoolean("clusteringKey", field.IsClusteringKey);
        writer.WriteBoolean("autoId", field.AutoId);
        writer.WriteString("description", field.Description);
        writer.WriteBoolean("nullable", field.Nullable);
        if (field.Type == DataType.Array)
        {
            writer.WriteString("elementType", DataTypeNames.Of(field.ElementType));
        }

        if (field.TypeParams.Length > 0)
        {
            writer.WritePairs("params", field.TypeParams);
        }

        if (field.Default is { } value)
        {
            WriteDefault(writer, field.Type, value);
        }

        writer.WriteEndObject();
    }

    private static void WriteDefault(Utf8JsonWriter writer, DataType type, FieldValue value)
    {
        writer.WriteStartObject("defaultValue");
        writer.WriteStartObject("Data");
        writer.WritePropertyName(ColumnJson.KindName(type));
        ColumnJson.WriteValue(writer, new ColumnBuilder(type).Append(value).Build(), 0, int64AsNumbers: true);
        writer.WriteEndObject();
        writer.WriteEndObject();
    }
}
