using System.Text.Json;
using Elanus.Primitives;

namespace Elanus.Engine;

/// <summary>The schema's form inside data records: the project's JSON form, checked on reading for what the engine relies on.</summary>
internal static class SchemaCodec
{
    public static byte[] Write(CollectionSchema schema) => KeptJson.Write(json => json.WriteObject(schema, SchemaJson.Write));

    public static CollectionSchema Read(ReadOnlySpan<byte> json)
    {
        CollectionSchema? schema;
        try
        {
            schema = KeptJson.Read(json, SchemaJson.Read);
        }
        catch (JsonException unreadable)
        {
            throw new RecordCorruptException("the schema is not readable", unreadable);
        }

        return SchemaCheck.Whole(schema ?? throw new RecordCorruptException("the schema is absent"));
    }
}
