using System.Text.Json;
using Elanus.Expressions;

namespace Elanus.Milvus.Rest;

/// <summary>Query, and get by primary key.</summary>
internal sealed class RowReadRoutes(Proxy proxy)
{
    /// <summary>Rows of a query that does not say how many.</summary>
    public const int LimitDefault = 100;

    private const string KeysTemplate = "keys";

    public IEnumerable<RestRoute> All =>
    [
        RestRoute.To("entities/query", ["collectionName"], Query),
        RestRoute.To("entities/get", ["collectionName", "id"], Get),
    ];

    private Task<Result<RestReply>> Query(RestCall call)
    {
        if (!Templates.Read(call.Body.Find("exprParams")).TryGet(out var templates, out var failure))
        {
            return Task.FromResult<Result<RestReply>>(failure);
        }

        // As in Milvus a count passes the limit over, and a limit of 0 is none.
        var counts = OutputSelection.Counts(call.Body.Texts("outputFields"));
        var limit = call.Body.Whole("limit") ?? LimitDefault;
        return Rows(call, call.Body.Text("filter"), templates, counts || limit == 0 ? null : limit, counts || limit == 0 ? 0 : call.Body.Whole("offset") ?? 0);
    }

    private Task<Result<RestReply>> Get(RestCall call)
    {
        if (!proxy.Context.Collection(call.Database, call.Collection).TryGet(out var collection, out var failure)
            || !PrimaryKeys.Read(collection.Schema.PrimaryKey, call.Body.Find("id")!.Value).TryGet(out var keys, out failure))
        {
            return Task.FromResult<Result<RestReply>>(failure);
        }

        var templates = new Dictionary<string, Literal> { [KeysTemplate] = Literal.List(keys, v => v.Text is { } text ? Literal.Of(text) : Literal.Of(v.Integer)) };
        return Rows(call, $"{collection.Schema.PrimaryKey.Name} in {{{KeysTemplate}}}", templates, null, 0);
    }

    private async Task<Result<RestReply>> Rows(RestCall call, string filter, IReadOnlyDictionary<string, Literal> templates, long? limit, long offset)
    {
        if (!ReadLevels.Parse(call.Body.Text("consistencyLevel")).TryGet(out var level, out var failure))
        {
            return failure;
        }

        var asked = call.Body.Texts("outputFields");
        var query = new QueryCall
        {
            Database = call.Database,
            Collection = call.Collection,
            Partitions = call.Body.Texts("partitionNames"),
            Consistency = level,
            Hold = call.Hold,
            Filter = filter,
            Templates = templates,
            OutputFields = asked.Count > 0 ? asked : ["*"],
            Limit = limit,
            Offset = offset,
        };
        if (!(await proxy.Queries.Query(query, call.Cancel)).TryGet(out var answer, out failure))
        {
            return failure;
        }

        var rows = new RowsWriting(answer.Fields, answer.Rows, call.Int64AsNumbers);
        return new RestReply(writer => Write(writer, rows, answer.Rows.Rows));
    }

    private static void Write(Utf8JsonWriter writer, RowsWriting rows, int count)
    {
        writer.WriteStartArray();
        for (var row = 0; row < count; row++)
        {
            writer.WriteStartObject();
            rows.WriteRow(writer, row);
            writer.WriteEndObject();
        }

        writer.WriteEndArray();
    }
}
