using Google.Protobuf.Collections;

namespace Elanus.Milvus;

/// <summary>Schemas as DescribeCollection shows them. The dynamic field stays hidden: clients know of it by <c>enable_dynamic_field</c>.</summary>
public static class SchemaWriting
{
    public static Protocol.Schema.CollectionSchema Collection(CollectionSchema schema, string database)
    {
        var shown = new Protocol.Schema.CollectionSchema
        {
            Name = schema.Name,
            Description = schema.Description,
            EnableDynamicField = schema.EnableDynamicField,
            DbName = database,
            Version = schema.Version,
        };
        shown.Fields.AddRange(schema.Fields.Where(f => !f.IsDynamic).Select(Field));
        return shown;
    }

    public static Protocol.Schema.FieldSchema Field(FieldSchema field)
    {
        var shown = new Protocol.Schema.FieldSchema
        {
            FieldID = field.Id.Value,
            Name = field.Name,
            Description = field.Description,
            DataType = (Protocol.Schema.DataType)field.Type,
            ElementType = (Protocol.Schema.DataType)field.ElementType,
            IsPrimaryKey = field.IsPrimaryKey,
            AutoID = field.AutoId,
            IsPartitionKey = field.IsPartitionKey,
            IsClusteringKey = field.IsClusteringKey,
            IsDynamic = field.IsDynamic,
            Nullable = field.Nullable,
            DefaultValue = field.Default is { } value ? DefaultValues.Write(field.Type, value) : null,
        };
        Add(shown.TypeParams, field.TypeParams);
        Add(shown.IndexParams, field.IndexParams);
        return shown;
    }

    private static void Add(RepeatedField<Protocol.Common.KeyValuePair> target, IEnumerable<KeyValuePair<string, string>> pairs) =>
        target.AddRange(pairs.Select(p => new Protocol.Common.KeyValuePair { Key = p.Key, Value = p.Value }));
}
