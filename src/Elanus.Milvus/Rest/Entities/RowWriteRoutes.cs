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

    private Task<Result<RestReply>> Insert(RestCall call) => Write(call, partial: false, proxy.Writes.Insert, "insertCount", "insertIds");

    private Task<Result<RestReply>> Upsert(RestCall call) => Write(call, call.Body.Truth("partialUpdate"), proxy.Writes.Upsert, "upsertCount", "upsertIds");

    private async Task<Result<RestReply>> Write(
        RestCall call, bool partial, Func<InsertCall, CancellationToken, Task<Result<WriteAnswer>>> write, string countName, string idsName)
    {
        if (!(await proxy.Writes.DoneBefore(call.Request, call.Cancel)).TryGet(out var before, out var failure))
        {
            return failure;
        }

        if (!Rows(call, partial).TryGet(out var rows, out failure))
        {
            return before is null ? failure : Written(call, before, countName, idsName);
        }

        return (await write(rows, call.Cancel)).TryGet(out var answer, out failure) ? Written(call, answer, countName, idsName) : failure;
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
        for (var row = 0; row < (answer.Ids?.Rows ?? 0); row++)
        {
            ColumnJson.WriteValue(writer, answer.Ids!, row, call.Int64AsNumbers);
        }

        writer.WriteEndArray();
    });
}
