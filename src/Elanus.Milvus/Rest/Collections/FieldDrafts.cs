using System.Text.Json;

namespace Elanus.Milvus.Rest;

/// <summary>A field as a request describes it.</summary>
internal static class FieldDrafts
{
    private static readonly string[] Required = ["fieldName", "dataType"];

    /// <param name="body">The field's object.</param>
    /// <param name="autoId">Whether the schema's primary key is made by the server.</param>
    public static Result<FieldSchema> Read(RestBody body, bool autoId)
    {
        string[] missing = [.. Required.Where(n => !body.Has(n))];
        if (missing.Length > 0)
        {
            return RestFailures.Missing(missing.Select(n => $"{n} of each field"));
        }

        var name = body.Text("fieldName");
        if (!DataTypeNames.Parse(body.Text("dataType"), name).TryGet(out var type, out var failure))
        {
            return failure;
        }

        var elementType = DataType.None;
        if (type == DataType.Array && !DataTypeNames.Parse(body.Text("elementDataType"), $"{name} (its elements)").TryGet(out elementType, out failure))
        {
            return failure;
        }

        if (!Default(name, type, body.Find("defaultValue")).TryGet(out var value, out failure))
        {
            return failure;
        }

        return new FieldSchema
        {
            Id = default,
            Name = name,
            Description = body.Text("description"),
            Type = type,
            ElementType = elementType,
            IsPrimaryKey = body.Truth("isPrimary"),
            AutoId = body.Truth("isPrimary") && (autoId || body.Truth("autoID")),
            IsPartitionKey = body.Truth("isPartitionKey"),
            IsClusteringKey = body.Truth("isClusteringKey"),
            Nullable = body.Truth("nullable"),
            Default = value,
            TypeParams = [.. body.Pairs("elementTypeParams")],
        };
    }

    private static Result<FieldValue?> Default(string name, DataType type, JsonElement? given)
    {
        if (given is not { } value)
        {
            return Result<FieldValue?>.Ok(null);
        }

        FieldValue? read = type switch
        {
            DataType.Bool => JsonScalars.Truth(value) is { } truth ? FieldValue.Of(truth) : null,
            _ when type.IsInteger() => JsonScalars.Integer(type, value) is { } number ? FieldValue.Of(number) : null,
            _ when type.IsFloating() => JsonScalars.Floating(type, value) is { } number ? FieldValue.Of(number) : null,
            DataType.VarChar => JsonScalars.Text(value) is { } text ? FieldValue.Of(text) : null,

            // Types without defaults are refused where schemas are judged.
            _ => FieldValue.Of(RestBody.TextOf(value)),
        };
        return read is { } good
            ? good
            : Failure.Invalid($"the defaultValue of field {name} is no {DataTypeNames.Of(type)}: {value}");
    }
}
