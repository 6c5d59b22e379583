namespace Elanus.Milvus.Rest;

/// <summary>Calls that make and change collections.</summary>
internal sealed class CollectionChangeRoutes(Proxy proxy)
{
    public IEnumerable<RestRoute> All =>
    [
        RestRoute.To("collections/create", ["collectionName"], Create),
        RestRoute.To("collections/drop", ["collectionName"], Drop),
        RestRoute.To("collections/truncate", ["collectionName"], Truncate),
        RestRoute.To("collections/rename", ["collectionName", "newCollectionName"], Rename),
        RestRoute.To("collections/load", ["collectionName"], Load),
        RestRoute.To("collections/refresh_load", ["collectionName"], Load),
        RestRoute.To("collections/release", ["collectionName"], Release),
        RestRoute.To("collections/flush", ["collectionName"], Flush),
        RestRoute.To("collections/alter_properties", ["collectionName", "properties"], AlterProperties),
        RestRoute.To("collections/drop_properties", ["collectionName", "propertyKeys"], DropProperties),
        RestRoute.To("collections/fields/add", ["collectionName", "schema"], AddField),
        RestRoute.To("collections/fields/alter_properties", ["collectionName", "fieldName", "fieldParams"], AlterField),
    ];

    /// <summary>Creates a collection; where its indexes come with it they are created too, and it is loaded.</summary>
    private async Task<Result<RestReply>> Create(RestCall call)
    {
        if (!CollectionDrafts.Read(call.Body).TryGet(out var draft, out var failure)
            || !Indexes(call, draft).TryGet(out var indexes, out failure)
            || !(await proxy.Collections.Create(call.Database, draft, call.Cancel)).TryGet(out var collection, out failure))
        {
            return failure;
        }

        foreach (var index in indexes)
        {
            if (!(await proxy.Indexes.Create(call.Database, collection.Name, index, call.Cancel)).TryGet(out _, out failure))
            {
                return failure with { Sentence = $"collection {collection.Name} was created, its index on {index.Field} was not: {failure.Sentence}" };
            }
        }

        if (indexes.Count > 0 && !(await proxy.Loading.Load(call.Database, collection.Name, [], 0, [], call.Cancel)).TryGet(out _, out failure))
        {
            return failure with { Sentence = $"collection {collection.Name} was created, but not loaded: {failure.Sentence}" };
        }

        return RestReply.Done;
    }

    private static Result<IReadOnlyList<IndexDraft>> Indexes(RestCall call, CollectionDraft draft)
    {
        if (CollectionDrafts.IsQuick(call.Body))
        {
            var field = call.Body.Text("vectorFieldName", CollectionDrafts.VectorFieldDefault);
            return new[] { new IndexDraft(field, field, [new(IndexRules.MetricTypeKey, call.Body.Text("metricType", CollectionDrafts.MetricDefault))]) };
        }

        if (!IndexDrafts.Read(call.Body).TryGet(out var indexes, out var failure))
        {
            return failure;
        }

        return indexes.FirstOrDefault(i => draft.Schema.Find(i.Field) is null) is { } stray
            ? RestFailures.Missing($"the field {stray.Field} in the schema, which indexParams names")
            : Result<IReadOnlyList<IndexDraft>>.Ok(indexes);
    }

    private async Task<Result<RestReply>> Drop(RestCall call) =>
        RestReply.Of(await proxy.Collections.Drop(call.Database, call.Collection, call.Cancel));

    private async Task<Result<RestReply>> Truncate(RestCall call) =>
        RestReply.Of(await proxy.Collections.Truncate(call.Database, call.Collection, call.Cancel));

    private async Task<Result<RestReply>> Rename(RestCall call) => RestReply.Of(
        await proxy.Collections.Rename(
            call.Database,
            call.Collection,
            call.Body.Text("newDbName", call.Database),
            call.Body.Text("newCollectionName"),
            call.Cancel));

    private async Task<Result<RestReply>> Load(RestCall call) =>
        RestReply.Of(await proxy.Loading.Load(call.Database, call.Collection, [], 0, [], call.Cancel));

    private async Task<Result<RestReply>> Release(RestCall call) =>
        RestReply.Of(await proxy.Loading.Release(call.Database, call.Collection, [], call.Cancel));

    private async Task<Result<RestReply>> Flush(RestCall call) =>
        (await proxy.Data.Flush(call.Database, call.Collection, call.Cancel)).TryGet(out _, out var failure) ? RestReply.Done : failure;

    private async Task<Result<RestReply>> AlterProperties(RestCall call) =>
        RestReply.Of(await proxy.Collections.AlterProperties(call.Database, call.Collection, call.Body.Pairs("properties"), [], call.Cancel));

    private async Task<Result<RestReply>> DropProperties(RestCall call) =>
        RestReply.Of(await proxy.Collections.AlterProperties(call.Database, call.Collection, [], call.Body.Texts("propertyKeys"), call.Cancel));

    private async Task<Result<RestReply>> AddField(RestCall call) =>
        FieldDrafts.Read(call.Body.Object("schema"), autoId: false).TryGet(out var field, out var failure)
            ? RestReply.Of(await proxy.Collections.AddField(call.Database, call.Collection, field, call.Cancel))
            : failure;

    private async Task<Result<RestReply>> AlterField(RestCall call) => RestReply.Of(
        await proxy.Collections.AlterField(
            call.Database,
            call.Collection,
            call.Body.Text("fieldName"),
            call.Body.Pairs("fieldParams"),
            [],
            call.Cancel));
}
