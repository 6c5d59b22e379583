using System.Collections.Immutable;
using Google.Protobuf;
using Google.Protobuf.Collections;

namespace Elanus.Milvus;

/// <summary>
/// Schemas from the wire as drafts: names, types and parameters as the client gave them, ids not yet given. Whether the schema is a
/// good one is decided where collections are made, not here; what Elanus has no word for is refused here.
/// </summary>
public static class SchemaReading
{
    /// <summary>The schema inside CreateCollectionRequest.schema.</summary>
    public static Result<CollectionSchema> Collection(ByteString bytes)
    {
        try
        {
            return Collection(Protocol.Schema.CollectionSchema.Parser.ParseFrom(bytes));
        }
        catch (InvalidProtocolBufferException broken)
        {
            return Failure.Invalid($"the schema is not a serialised CollectionSchema: {broken.Message}");
        }
    }

    /// <summary>The field inside AddCollectionFieldRequest.schema.</summary>
    public static Result<FieldSchema> Field(ByteString bytes)
    {
        try
        {
            return Field(Protocol.Schema.FieldSchema.Parser.ParseFrom(bytes));
        }
        catch (InvalidProtocolBufferException broken)
        {
            return Failure.Invalid($"the schema is not a serialised FieldSchema: {broken.Message}");
        }
    }

    public static Result<CollectionSchema> Collection(Protocol.Schema.CollectionSchema schema)
    {
        if (schema.Functions is [var function, ..])
        {
            return Failure.Unimplemented($"function {function.Name} ({function.Type}) of collection {schema.Name}");
        }

        if (schema.StructArrayFields is [var structure, ..])
        {
            return Failure.Unimplemented($"struct field {structure.Name} of collection {schema.Name}");
        }

        if (schema.EnableNamespace)
        {
            return Failure.Unimplemented($"namespaces of collection {schema.Name}");
        }

        var fields = ImmutableArray.CreateBuilder<FieldSchema>(schema.Fields.Count);
        foreach (var asked in schema.Fields)
        {
            if (!Field(asked).TryGet(out var field, out var failure))
            {
                return failure;
            }

            fields.Add(field);
        }

        return new CollectionSchema
        {
            Name = schema.Name,
            Description = schema.Description,
            Fields = fields.MoveToImmutable(),
            EnableDynamicField = schema.EnableDynamicField,
        };
    }

    public static Result<FieldSchema> Field(Protocol.Schema.FieldSchema field)
    {
        if (field.IsFunctionOutput)
        {
            return Failure.Unimplemented($"field {field.Name} as the output of a function");
        }

        if (!DefaultValues.Read(field).TryGet(out var value, out var failure))
        {
            return failure;
        }

        return new FieldSchema
        {
            Id = default,
            Name = field.Name,
            Description = field.Description,
            Type = (DataType)field.DataType,
            ElementType = (DataType)field.ElementType,
            IsPrimaryKey = field.IsPrimaryKey,
            AutoId = field.AutoID,
            IsPartitionKey = field.IsPartitionKey,
            IsClusteringKey = field.IsClusteringKey,
            IsDynamic = field.IsDynamic,
            Nullable = field.Nullable,
            Default = value,
            TypeParams = Pairs(field.TypeParams),
            IndexParams = Pairs(field.IndexParams),
        };
    }

    private static ImmutableArray<KeyValuePair<string, string>> Pairs(RepeatedField<Protocol.Common.KeyValuePair> pairs) =>
        [.. pairs.Select(p => new KeyValuePair<string, string>(p.Key, p.Value))];
}
