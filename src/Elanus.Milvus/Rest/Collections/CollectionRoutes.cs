namespace Elanus.Milvus.Rest;

/// <summary>Calls that show collections.</summary>
internal sealed class CollectionRoutes(Proxy proxy)
{
    private const string Loaded = "LoadStateLoaded";
    private const string NotLoaded = "LoadStateNotLoad";

    public IEnumerable<RestRoute> All =>
    [
        RestRoute.To("collections/list", [], List),
        RestRoute.To("collections/has", ["collectionName"], Has),
        RestRoute.To("collections/describe", ["collectionName"], Describe),
        RestRoute.To("collections/get_stats", ["collectionName"], Statistics),
        RestRoute.To("collections/get_load_state", ["collectionName"], LoadState),
    ];

    private Result<RestReply> List(RestCall call)
    {
        var root = proxy.Metadata.Root;
        return root.Databases.TryGetValue(call.Database, out var database)
            ? RestReply.Names(root.CollectionsOf(database.Id).Select(c => c.Name).Order(StringComparer.Ordinal))
            : Failure.DatabaseNotFound(call.Database);
    }

    private Result<RestReply> Has(RestCall call)
    {
        var found = proxy.Context.Collection(call.Database, call.Collection);
        return found.TryGet(out _, out var failure) || failure.Code == FailureCode.CollectionNotFound ? RestReply.Has(found.Succeeded) : failure;
    }

    private Result<RestReply> Describe(RestCall call)
    {
        if (!proxy.Context.Collection(call.Database, call.Collection).TryGet(out var collection, out var failure))
        {
            return failure;
        }

        var metadata = proxy.Metadata;
        var schema = collection.Schema;
        return RestReply.Object(writer =>
        {
            writer.WriteString("collectionName", collection.Name);
            writer.WriteNumber("collectionID", collection.Id.Value);
            writer.WriteString("description", schema.Description);
            writer.WriteBoolean("autoId", schema.PrimaryKey.AutoId);
            writer.WriteStartArray("fields");
            foreach (var field in schema.Fields.Where(f => !f.IsDynamic))
            {
                FieldJson.Write(writer, field);
            }

            writer.WriteEndArray();
            writer.WriteStartArray("functions");
            writer.WriteEndArray();
            writer.WritePropertyName("aliases");
            writer.WriteTexts(metadata.Root.AliasesOf(collection.Id).Select(a => a.Name));
            writer.WriteStartArray("indexes");
            foreach (var index in metadata.Indexes.Of(collection.Id))
            {
                if (schema.Find(index.Field) is { } field && field.Type.IsVector())
                {
                    writer.WriteStartObject();
                    writer.WriteString("indexName", index.Name);
                    writer.WriteString("fieldName", field.Name);
                    writer.WriteString("metricType", index.Param(IndexRules.MetricTypeKey) ?? "");
                    writer.WriteEndObject();
                }
            }

            writer.WriteEndArray();
            writer.WriteString("load", metadata.Loads.Of(collection.Id) is null ? NotLoaded : Loaded);
            writer.WriteNumber("shardsNum", collection.Shards);
            writer.WriteNumber("partitionsNum", collection.Partitions.Length);
            writer.WriteString("consistencyLevel", collection.Consistency.ToString());
            writer.WriteBoolean("enableDynamicField", schema.EnableDynamicField);
            writer.WritePairs("properties", collection.Properties);
        });
    }

    private async Task<Result<RestReply>> Statistics(RestCall call) =>
        proxy.Context.Collection(call.Database, call.Collection).TryGet(out var collection, out var failure)
        && (await proxy.Inspection.Statistics(collection, call.Cancel)).TryGet(out var statistics, out failure)
            ? RestReply.RowCount(statistics.LiveRows)
            : failure;

    private Result<RestReply> LoadState(RestCall call)
    {
        if (!proxy.Context.Collection(call.Database, call.Collection).TryGet(out var collection, out var failure))
        {
            return failure;
        }

        var load = proxy.Metadata.Loads.Of(collection.Id);
        var isLoaded = load is not null;
        foreach (var name in call.Body.Texts("partitionNames"))
        {
            if (collection.Partition(name) is not { } partition)
            {
                return Failure.PartitionNotFound(name);
            }

            isLoaded &= load?.Covers(partition.Id) == true;
        }

        return RestReply.Object(writer =>
        {
            writer.WriteString("loadState", isLoaded ? Loaded : NotLoaded);
            if (isLoaded)
            {
                writer.WriteNumber("loadProgress", 100);
            }
        });
    }
}
