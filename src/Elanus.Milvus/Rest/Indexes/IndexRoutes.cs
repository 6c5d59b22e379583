using System.Text.Json;

namespace Elanus.Milvus.Rest;

/// <summary>Calls about indexes.</summary>
internal sealed class IndexRoutes(Proxy proxy)
{
    public IEnumerable<RestRoute> All =>
    [
        RestRoute.To("indexes/list", ["collectionName"], List),
        RestRoute.To("indexes/describe", ["collectionName", "indexName"], Describe),
        RestRoute.To("indexes/create", ["collectionName", "indexParams"], Create),
        RestRoute.To("indexes/drop", ["collectionName", "indexName"], Drop),
        RestRoute.To("indexes/alter_properties", ["collectionName", "indexName", "properties"], AlterProperties),
        RestRoute.To("indexes/drop_properties", ["collectionName", "indexName", "propertyKeys"], DropProperties),
    ];

    private Result<RestReply> List(RestCall call) =>
        proxy.Context.Collection(call.Database, call.Collection).TryGet(out var collection, out var failure)
            ? RestReply.Names(proxy.Metadata.Indexes.Of(collection.Id).Select(i => i.Name))
            : failure;

    private async Task<Result<RestReply>> Describe(RestCall call)
    {
        if (!proxy.Context.Collection(call.Database, call.Collection).TryGet(out var collection, out var failure)
            || !(await proxy.Inspection.Statistics(collection, call.Cancel)).TryGet(out var statistics, out failure))
        {
            return failure;
        }

        var name = call.Body.Text("indexName");
        return proxy.Metadata.Indexes.Of(collection.Id).FirstOrDefault(i => i.Name == name) is { } index
            ? new RestReply(writer => Write(writer, collection, index, statistics.LiveRows))
            : Failure.Of(FailureCode.IndexNotFound, ("indexName", name));
    }

    private static void Write(Utf8JsonWriter writer, CollectionInfo collection, IndexInfo index, long rows)
    {
        var field = collection.Schema.Find(index.Field)!;
        writer.WriteStartArray();
        writer.WriteStartObject();
        writer.WriteString("indexName", index.Name);
        writer.WriteString("fieldName", field.Name);
        writer.WriteString("indexType", index.Type);
        writer.WriteString("metricType", index.Param(IndexRules.MetricTypeKey) ?? "");
        writer.WriteNumber("totalRows", rows);
        writer.WriteNumber("pendingRows", 0);
        writer.WriteNumber("indexedRows", rows);
        writer.WriteString("indexState", "Finished");
        writer.WriteString("failReason", "");
        writer.WritePairs("indexParams", Parameters(field, index));
        writer.WriteEndObject();
        writer.WriteEndArray();
    }

    private static IEnumerable<KeyValuePair<string, string>> Parameters(FieldSchema field, IndexInfo index)
    {
        var shown = IndexParameters.Shown(index);
        return IndexRules.ServedBy(field, index.Type) is var servedBy && servedBy != index.Type
            ? shown.Append(new(IndexDescriptions.ServedByKey, servedBy))
            : shown;
    }

    private async Task<Result<RestReply>> Create(RestCall call)
    {
        if (!IndexDrafts.Read(call.Body).TryGet(out var drafts, out var failure))
        {
            return failure;
        }

        foreach (var draft in drafts)
        {
            if (!(await proxy.Indexes.Create(call.Database, call.Collection, draft, call.Cancel)).TryGet(out _, out failure))
            {
                return failure;
            }
        }

        return RestReply.Done;
    }

    private async Task<Result<RestReply>> Drop(RestCall call) =>
        RestReply.Of(await proxy.Indexes.Drop(call.Database, call.Collection, "", call.Body.Text("indexName"), call.Cancel));

    private async Task<Result<RestReply>> AlterProperties(RestCall call) => RestReply.Of(
        await proxy.Indexes.Alter(call.Database, call.Collection, call.Body.Text("indexName"), call.Body.Pairs("properties"), [], call.Cancel));

    private async Task<Result<RestReply>> DropProperties(RestCall call) => RestReply.Of(
        await proxy.Indexes.Alter(call.Database, call.Collection, call.Body.Text("indexName"), [], call.Body.Texts("propertyKeys"), call.Cancel));
}
