using System.Text.Json;

namespace Elanus.Milvus.Rest;

/// <summary>A search request as a call of the proxy.</summary>
internal static class SearchReading
{
    public static Result<SearchCall> Whole(RestCall call, CollectionSchema schema)
    {
        if (call.Body.Object("functionScore").Has("functions"))
        {
            return Failure.Unimplemented("functionScore of a search");
        }

        if (!ReadLevels.Parse(call.Body.Text("consistencyLevel")).TryGet(out var level, out var failure)
            || !One(call, call.Body, schema, "searchParams", RowReadRoutes.LimitDefault).TryGet(out var search, out failure))
        {
            return failure;
        }

        return search with
        {
            Partitions = call.Body.Texts("partitionNames"),
            Consistency = level,
            OutputFields = call.Body.Texts("outputFields"),
            Offset = call.Body.Whole("offset") ?? 0,
            GroupByField = call.Body.Text("groupingField"),
            GroupSize = call.Body.Whole("groupSize") is { } size and not 0 ? size : 1,
            StrictGroupSize = call.Body.Truth("strictGroupSize"),
        };
    }

    /// <summary>What a search and a part of a hybrid one have in common.</summary>
    public static Result<SearchCall> One(RestCall call, RestBody body, CollectionSchema schema, string paramsName, long limitDefault)
    {
        if (!Field(schema, body.Text("annsField")).TryGet(out var field, out var failure)
            || !Templates.Read(body.Find("exprParams")).TryGet(out var templates, out failure)
            || !Queries(body, schema, field).TryGet(out var queries, out failure)
            || !SearchOptions.Read(body.Find(paramsName)).TryGet(out var options, out failure))
        {
            return failure;
        }

        return new SearchCall
        {
            Database = call.Database,
            Collection = call.Collection,
            Filter = body.Text("filter"),
            Templates = templates,
            Field = field.Name,
            Vectors = queries.Vectors,
            Ids = queries.Ids,
            TopK = body.Whole("limit") ?? limitDefault,
            Metric = body.Text("metricType", options.Metric),
            Params = options.Params,
            RoundDecimal = options.RoundDecimal,
            IgnoreGrowing = options.IgnoreGrowing,
        };
    }

    private static Result<FieldSchema> Field(CollectionSchema schema, string name)
    {
        if (name.Length > 0)
        {
            return schema.Find(name) is { } found && found.Type.IsVector()
                ? found
                : RestFailures.Format($"cannot find a vector field named: {name}");
        }

        var vectors = schema.Fields.Where(f => f.Type.IsVector()).ToList();
        return vectors.Count == 1
            ? vectors[0]
            : RestFailures.Format($"search without annsField, but collection {schema.Name} has several vector fields: {string.Join(", ", vectors.Select(f => f.Name))}");
    }

    private static Result<(ColumnBlock? Vectors, ColumnBlock? Ids)> Queries(RestBody body, CollectionSchema schema, FieldSchema field)
    {
        if (body.Has("data"))
        {
            return Vectors(field, body.Find("data")!.Value).TryGet(out var vectors, out var failure) ? (vectors, null) : failure;
        }

        if (!body.Has("ids"))
        {
            return RestFailures.Missing("data");
        }

        return PrimaryKeys.Read(schema.PrimaryKey, body.Find("ids")!.Value).TryGet(out var keys, out var wrong)
            ? (null, KeySet.Column(schema.PrimaryKey, [.. keys]))
            : wrong;
    }

    private static Result<ColumnBlock> Vectors(FieldSchema field, JsonElement data)
    {
        if (data.ValueKind != JsonValueKind.Array)
        {
            return RestFailures.Format($"data must be a list of vectors, got {data.ValueKind}");
        }

        var builder = new ColumnBuilder(field, data.GetArrayLength());
        foreach (var vector in data.EnumerateArray())
        {
            if (VectorValues.Append(builder, field, vector) is { } wrong)
            {
                return RestFailures.Format($"vector {builder.Rows} of data, for field {field.Name} of type {field.Type}: {wrong}");
            }
        }

        return builder.Build();
    }
}
