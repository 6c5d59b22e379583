using System.Collections.Immutable;
using System.Globalization;

namespace Elanus.Milvus.Rest;

/// <summary>The collection that a create request asks for: in the quick form by its dimension, else by its schema.</summary>
internal static class CollectionDrafts
{
    public const string VectorFieldDefault = "vector";
    public const string MetricDefault = "COSINE";

    private const string KeyFieldDefault = "id";

    public static Result<CollectionDraft> Read(RestBody body)
    {
        if (body.Object("schema").Has("functions"))
        {
            return Failure.Unimplemented($"functions of collection {body.Text("collectionName")}");
        }

        var options = body.Object("params");
        if (!(IsQuick(body) ? Quick(body, options) : Schema(body)).TryGet(out var schema, out var failure)
            || !Number(options, "shardsNum").TryGet(out var shards, out failure)
            || !Number(options, "partitionsNum").TryGet(out var partitions, out failure)
            || !ReadLevels.Parse(Option(options, "consistencyLevel") ?? "").TryGet(out var level, out failure))
        {
            return failure;
        }

        return new CollectionDraft
        {
            Schema = schema,
            Shards = shards,
            Partitions = partitions,
            Consistency = level ?? ConsistencyLevel.Bounded,
            Properties = Properties(options),
        };
    }

    /// <summary>Whether the request leaves the schema to the server.</summary>
    public static bool IsQuick(RestBody body) => !body.Object("schema").Has("fields");

    private static Result<CollectionSchema> Quick(RestBody body, RestBody options)
    {
        if (body.Whole("dimension") is not { } dimension)
        {
            return RestFailures.Missing("dimension (or a schema with fields)");
        }

        var type = body.Text("idType", "Int64");
        if (type is not ("Int64" or "int64" or "VarChar" or "Varchar"))
        {
            return Failure.Invalid($"idType can only be [Int64, VarChar], default: Int64, got {type}");
        }

        var isNumber = type is "Int64" or "int64";
        var isDynamic = options.Find("enableDynamicField") is { } given ? JsonScalars.Truth(given) : true;
        if (isDynamic is not { } dynamic)
        {
            return RestFailures.Format("params.enableDynamicField must be true or false");
        }

        return new CollectionSchema
        {
            Name = body.Text("collectionName"),
            Description = body.Text("description"),
            EnableDynamicField = dynamic,
            Fields =
            [
                new()
                {
                    Id = default,
                    Name = body.Text("primaryFieldName", KeyFieldDefault),
                    Type = isNumber ? DataType.Int64 : DataType.VarChar,
                    IsPrimaryKey = true,
                    AutoId = body.Truth("autoID"),
                    TypeParams = !isNumber && Option(options, "max_length") is { } length ? [new("max_length", length)] : [],
                },
                new()
                {
                    Id = default,
                    Name = body.Text("vectorFieldName", VectorFieldDefault),
                    Type = DataType.FloatVector,
                    TypeParams = [new("dim", dimension.ToString(CultureInfo.InvariantCulture))],
                },
            ],
        };
    }

    private static Result<CollectionSchema> Schema(RestBody body)
    {
        var given = body.Object("schema");
        var fields = ImmutableArray.CreateBuilder<FieldSchema>();
        foreach (var asked in given.Objects("fields"))
        {
            if (!FieldDrafts.Read(asked, given.Truth("autoID")).TryGet(out var field, out var failure))
            {
                return failure;
            }

            fields.Add(field);
        }

        return new CollectionSchema
        {
            Name = body.Text("collectionName"),
            Description = body.Text("description", given.Text("description")),
            Fields = fields.ToImmutable(),
            EnableDynamicField = given.Truth("enableDynamicField"),
        };
    }

    private static List<KeyValuePair<string, string>> Properties(RestBody options)
    {
        var properties = new List<KeyValuePair<string, string>>();
        foreach (var (name, key) in (ReadOnlySpan<(string, string)>)
        [
            ("ttlSeconds", CollectionProperties.TtlSeconds), ("partitionKeyIsolation", "partitionkey.isolation"), ("mmapEnabled", "mmap.enabled"),
            ("mmap.enabled", "mmap.enabled"),
        ])
        {
            if (Option(options, name) is { } value)
            {
                properties.Add(new(key, value));
            }
        }

        return properties;
    }

    private static string? Option(RestBody options, string name) => options.Find(name) is { } value ? RestBody.TextOf(value) : null;

    private static Result<int> Number(RestBody options, string name)
    {
        if (options.Find(name) is not { } value)
        {
            return 0;
        }

        return JsonScalars.Integer(DataType.Int32, value) is { } number
            ? (int)number
            : RestFailures.Format($"params.{name} must be a whole number, got {value}");
    }
}
