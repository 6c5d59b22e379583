using System.Text.Json;
using Elanus.Primitives;
using Elanus.Storage;

namespace Elanus.Engine;

/// <summary>The list of collections in a checkpoint as <see cref="KeptJson"/>.</summary>
internal static class CapturedJson
{
    public static void Write(Utf8JsonWriter json, IEnumerable<CapturedCollection> collections)
    {
        json.WriteStartArray();
        foreach (var collection in collections)
        {
            json.WriteObject(collection, Write);
        }

        json.WriteEndArray();
    }

    public static CapturedCollection[] Read(JsonElement json) => json.Items(ReadCollection);

    private static void Write(Utf8JsonWriter json, CapturedCollection collection)
    {
        json.WriteNumber("id", collection.Id.Value);
        json.WriteNumber("shards", collection.Shards);
        json.WriteObject("schema", collection.Schema, SchemaJson.Write);
        json.WriteNumbers("partitions", collection.Partitions.AsSpan(), id => id.Value);
        json.WriteObjects("segments", collection.Segments.AsSpan(), Write);
        if (collection.Compactions is { } compactions)
        {
            json.WriteObjects("compactions", compactions.AsSpan(), Write);
        }
    }

    private static CapturedCollection ReadCollection(JsonElement json) => new(
        new(json.Int64("id")),
        json.Int32("shards"),
        SchemaJson.Read(json.Member("schema")),
        json.List("partitions", id => new PartitionId(id.GetInt64())),
        json.List("segments", ReadSegment),
        json.Find("compactions") is null ? null : json.List("compactions", ReadCompaction));

    private static void Write(Utf8JsonWriter json, CapturedSegment segment)
    {
        json.WriteNumber("id", segment.Id.Value);
        json.WriteNumber("shard", segment.Shard);
        json.WriteNumber("partition", segment.Partition.Value);
        json.WriteBoolean("sealed", segment.Sealed);
        json.WriteNumber("rows", segment.Rows);
        json.WriteNumber("key", segment.Key.Value);
        json.WriteObjects("columns", segment.Columns.AsSpan(), Write);
        WriteWhereAny(json, "published", segment.Published);
        WriteWhereAny(json, "kept", segment.Kept);
    }

    private static CapturedSegment ReadSegment(JsonElement json) => new(
        new(json.Int64("id")),
        json.Int32("shard"),
        new(json.Int64("partition")),
        json.Flag("sealed"),
        json.Int32("rows"),
        new(json.Int64("key")),
        json.List("columns", ReadColumn),
        json.Find("published") is { } published ? ReadFile(published) : null,
        json.Find("kept") is { } kept ? ReadFile(kept) : null);

    private static void Write(Utf8JsonWriter json, CapturedColumn column)
    {
        json.WriteNumber("field", column.Field.Value);
        json.WriteNumber("type", (int)column.Type);
        json.WriteNumber("elementType", (int)column.ElementType);
        json.WriteNumber("dimension", column.Dimension);
    }

    private static CapturedColumn ReadColumn(JsonElement json) => new(
        new(json.Int64("field")), (DataType)json.Int32("type"), (DataType)json.Int32("elementType"), json.Int32("dimension"));

    private static void Write(Utf8JsonWriter json, CapturedCompaction compaction)
    {
        json.WriteNumber("output", compaction.Output.Value);
        json.WriteObject("schema", compaction.Schema, SchemaJson.Write);
        json.WriteNumbers("inputs", compaction.Inputs.AsSpan(), id => id.Value);
    }

    private static CapturedCompaction ReadCompaction(JsonElement json) => new(
        new(json.Int64("output")), SchemaJson.Read(json.Member("schema")), json.List("inputs", id => new SegmentId(id.GetInt64())));

    private static void Write(Utf8JsonWriter json, StoredFileReference file)
    {
        json.WriteString("name", file.Name);
        json.WriteNumber("length", file.Length);
        json.WriteNumber("checksum", file.Checksum);
    }

    private static StoredFileReference ReadFile(JsonElement json) => new(json.Text("name"), json.Int64("length"), json.UInt64("checksum"));

    private static void WriteWhereAny(Utf8JsonWriter json, string name, StoredFileReference? file)
    {
        if (file is not null)
        {
            json.WriteObject(name, file, Write);
        }
    }
}
