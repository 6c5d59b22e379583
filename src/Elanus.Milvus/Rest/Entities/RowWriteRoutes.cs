namespace Elanus.Milvus.Rest;

/// <summary>Insert, upsert and delete.</summary>
internal sealed class RowWriteRoutes(Proxy proxy)
{
    public IEnumerable<RestRoute> All =>
    [
        RestRoute.To("entities/insert", ["collectionName", "data"], Insert),
        RestRoute.To("entities/upsert", ["collectionName", "data"], Upsert),
        RestRoute.To("entities/delete", ["collectionName", "filter"], Delete),
    ];

    private async Task<Result<RestReply>> Insert(RestCall call)
    {
        if (!Rows(call, partial: false).TryGet(out var rows, out var failure)
            || !(await proxy.Writes.Insert(rows, call.Cancel)).TryGet(out var answer, out failure))
        {
            return failure;
        }

        return Written(call, answer, "insertCount", "insertIds");
    }

    private async Task<Result<RestReply>> Upsert(RestCall call)
    {
        if (!Rows(call, call.Body.Truth("partialUpdate")).TryGet(out var rows, out var failure)
            || !(await proxy.Writes.Upsert(rows, call.Cancel)).TryGet(out var answer, out failure))
        {
            return failure;
        }

        return Written(call, answer, "upsertCount", "upsertIds");
    }

    private async Task<Result<RestReply>> Delete(RestCall call)
    {
        if (!Templates.Read(call.Body.Find("exprParams")).TryGet(out var templates, out var failure))
        {
            return failure;
        }

        var delete = new DeleteCall
        {
            Database = call.Database,
            Collection = call.Collection,
            Partition = call.Body.Text("partitionName"),
            Request = call.Request,
            Filter = call.Body.Text("filter"),
            Templates = templates,
        };
        return (await proxy.Writes.Delete(delete, call.Cancel)).TryGet(out var answer, out failure)
            ? RestReply.Object(writer => writer.WriteNumber("deleteCount", answer.Deleted))
            : failure;
    }

    private Result<InsertCall> Rows(RestCall call, bool partial)
    {
        if (!proxy.Context.Collection(call.Database, call.Collection).TryGet(out var collection, out var failure)
            || !RowsReading.Read(collection.Schema, call.Body.Find("data")!.Value, partial).TryGet(out var read, out failure))
        {
            return failure;
        }

        return new InsertCall
        {
            Database = call.Database,
            Collection = call.Collection,
            Partition = call.Body.Text("partitionName"),
            Request = call.Request,
            Rows = read.Rows,
            Columns = read.Columns,
            Partial = partial,
        };
    }

    private static RestReply Written(RestCall call, WriteAnswer answer, string countName, string idsName) => RestReply.Object(writer =>
    {
        writer.WriteNumber(countName, answer.Inserted);
        writer.WriteStartArray(idsName);
        for (var row = 0; row < answer.Ids!.Rows; row++)
        {
            ColumnJson.WriteValue(writer, answer.Ids, row, call.Int64AsNumbers);
        }

        writer.WriteEndArray();
    });
}
