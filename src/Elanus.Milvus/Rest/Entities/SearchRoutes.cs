using System.Text.Json;

namespace Elanus.Milvus.Rest;

/// <summary>Vector search, and hybrid search under both of its names.</summary>
internal sealed class SearchRoutes(Proxy proxy)
{
    public IEnumerable<RestRoute> All =>
    [
        RestRoute.To("entities/search", ["collectionName"], Search),
        RestRoute.To("entities/hybrid_search", ["collectionName", "search"], Hybrid),
        RestRoute.To("entities/advanced_search", ["collectionName", "search"], Hybrid),
    ];

    private async Task<Result<RestReply>> Search(RestCall call)
    {
        if (!proxy.Context.Collection(call.Database, call.Collection).TryGet(out var collection, out var failure)
            || !SearchReading.Whole(call, collection.Schema).TryGet(out var search, out failure)
            || !(await proxy.Searches.Search(search with { Hold = call.Hold }, call.Cancel)).TryGet(out var answer, out failure))
        {
            return failure;
        }

        return Found(call, answer);
    }

    private async Task<Result<RestReply>> Hybrid(RestCall call)
    {
        if (!proxy.Context.Collection(call.Database, call.Collection).TryGet(out var collection, out var failure)
            || !HybridReading.Read(call, collection.Schema).TryGet(out var search, out failure)
            || !(await proxy.HybridSearches.Search(search with { Hold = call.Hold }, call.Cancel)).TryGet(out var answer, out failure))
        {
            return failure;
        }

        return Found(call, answer);
    }

    /// <summary>All hits in one list, query after query; <c>topks</c> beside it says how many each query has.</summary>
    private static RestReply Found(RestCall call, SearchAnswer answer)
    {
        var rows = new RowsWriting(answer.Fields, answer.Rows, call.Int64AsNumbers, "id", "distance");
        return new(
            writer => Write(writer, call, answer, rows),
            writer =>
            {
                writer.WriteStartArray("topks");
                foreach (var count in answer.Counts)
                {
                    writer.WriteNumberValue(count);
                }

                writer.WriteEndArray();
            });
    }

    private static void Write(Utf8JsonWriter writer, RestCall call, SearchAnswer answer, RowsWriting rows)
    {
        writer.WriteStartArray();
        for (var hit = 0; hit < answer.Scores.Length; hit++)
        {
            writer.WriteStartObject();
            rows.WriteRow(writer, hit);
            writer.WritePropertyName("id");
            ColumnJson.WriteValue(writer, answer.Ids, hit, call.Int64AsNumbers);
            writer.WritePropertyName("distance");
            writer.WriteFloating(answer.Scores[hit]);
            writer.WriteEndObject();
        }

        writer.WriteEndArray();
    }
}
