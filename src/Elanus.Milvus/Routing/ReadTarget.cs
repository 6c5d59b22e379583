using System.Buffers.Binary;
using System.Text.Json;
using Elanus.Milvus.Protocol;
using Elanus.Milvus.Rest;
using Google.Protobuf;
using Microsoft.AspNetCore.Http;

namespace Elanus.Milvus;

/// <summary>What a query, get or search asks of the state, read from its request ahead of the call: which rows, and how fresh. For a node that may answer reads although it is not active.</summary>
/// <param name="Database">By name.</param>
/// <param name="Collection">Name or alias.</param>
/// <param name="Partitions">Names; empty for all.</param>
/// <param name="Consistency">As the request says it.</param>
public sealed record ReadTarget(string Database, string Collection, IReadOnlyList<string> Partitions, ReadConsistency Consistency)
{
    private const string RestPrefix = "/v2/vectordb/entities/";

    /// <summary>Bytes before a gRPC message: whether it is compressed, and its length.</summary>
    private const int FrameHeadBytes = 5;

    private static readonly string[] RestReads = ["query", "get", "search", "hybrid_search", "advanced_search"];

    private static readonly string[] Methods = ["Query", "Search", "HybridSearch"];

    /// <summary>Whether a call to this path is a read of rows.</summary>
    public static bool IsRead(string path) => path.StartsWith(RestPrefix, StringComparison.Ordinal)
        ? RestReads.Contains(path[RestPrefix.Length..])
        : Method(path) is not null;

    /// <summary>Null where the request is none, or is one that only its call can judge (compressed, of a level that is not known).</summary>
    public static ReadTarget? Of(HttpRequest request, ReadOnlySpan<byte> body)
    {
        try
        {
            return Method(request.Path.Value ?? "") is { } method ? OfGrpc(method, request.Headers["dbname"].ToString(), body) : OfRest(request.Headers, body);
        }
        catch (Exception unreadable) when (unreadable is InvalidProtocolBufferException or JsonException)
        {
            return null;
        }
    }

    private static string? Method(string path)
    {
        var service = $"/{CallRoutes.Service.FullName}/";
        return path.StartsWith(service, StringComparison.Ordinal) && Methods.Contains(path[service.Length..]) ? path[service.Length..] : null;
    }

    private static ReadTarget? OfGrpc(string method, string databaseBeside, ReadOnlySpan<byte> body)
    {
        if (body.Length < FrameHeadBytes || body[0] != 0 || BinaryPrimitives.ReadUInt32BigEndian(body[1..]) != body.Length - FrameHeadBytes)
        {
            return null;
        }

        var message = body[FrameHeadBytes..];
        var scope = new CallScope { MetadataDatabase = databaseBeside };
        switch (method)
        {
            case "Query":
                var query = QueryRequest.Parser.ParseFrom(message);
                return Made(scope.Database(query.DbName), query.CollectionName, query.PartitionNames, ReadConsistency.Of(query.ConsistencyLevel, query.UseDefaultConsistency, query.GuaranteeTimestamp));
            case "Search":
                var search = SearchRequest.Parser.ParseFrom(message);
                return Made(scope.Database(search.DbName), search.CollectionName, search.PartitionNames, ReadConsistency.Of(search.ConsistencyLevel, search.UseDefaultConsistency, search.GuaranteeTimestamp));
            default:
                var hybrid = HybridSearchRequest.Parser.ParseFrom(message);
                return Made(scope.Database(hybrid.DbName), hybrid.CollectionName, hybrid.PartitionNames, ReadConsistency.Of(hybrid.ConsistencyLevel, hybrid.UseDefaultConsistency, hybrid.GuaranteeTimestamp));
        }
    }

    private static ReadTarget? OfRest(IHeaderDictionary headers, ReadOnlySpan<byte> body)
    {
        var reader = new Utf8JsonReader(body);
        using var document = JsonDocument.ParseValue(ref reader);
        if (document.RootElement.ValueKind != JsonValueKind.Object || !ReadLevels.Parse(Text("consistencyLevel")).TryGet(out var level, out _))
        {
            return null;
        }

        var partitions = document.RootElement.TryGetProperty("partitionNames", out var names) && names.ValueKind == JsonValueKind.Array
            ? names.EnumerateArray().Where(name => name.ValueKind == JsonValueKind.String).Select(name => name.GetString()!).ToList()
            : [];
        var database = Text("dbName");
        return new(
            new CallScope { MetadataDatabase = headers[RestCall.DatabaseHeader].ToString() }.Database(database), Text("collectionName"), partitions, new ReadConsistency(level, default));

        string Text(string name) => document.RootElement.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.String ? value.GetString()! : "";
    }

    private static ReadTarget? Made(string database, string collection, IReadOnlyList<string> partitions, Result<ReadConsistency> consistency) =>
        consistency.TryGet(out var known, out _) ? new(database, collection, partitions, known) : null;
}
