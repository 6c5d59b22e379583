using System.Text.Json;
using Elanus.Primitives;

namespace Elanus.Engine;

/// <summary>The schema's form inside data records: the project's JSON form, checked on reading for what the engine relies on.</summary>
internal static class SchemaCodec
{
    public static byte[] Write(CollectionSchema schema) => JsonSerializer.SerializeToUtf8Bytes(schema, SchemaJson.Options);

    public static CollectionSchema Read(ReadOnlySpan<byte> json)
    {
        CollectionSchema? schema;
        try
        {
            schema = JsonSerializer.Deserialize<CollectionSchema>(json, SchemaJson.Options);
        }
        catch (Exception unreadable) when (unreadable is JsonException or NotSupportedException or InvalidOperationException or FormatException)
        {
            throw new RecordCorruptException("the schema is not readable", unreadable);
        }

        return SchemaCheck.Whole(schema ?? throw new RecordCorruptException("the schema is absent"));
    }
}
