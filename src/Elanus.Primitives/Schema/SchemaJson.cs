using System.Text.Json;
using System.Text.Json.Serialization;

namespace Elanus.Primitives;

/// <summary>How schema and metadata stand as JSON in records and checkpoints: camel-case names, ids and timestamps as plain numbers.</summary>
public static class SchemaJson
{
    public static readonly JsonSerializerOptions Options = new(JsonSerializerDefaults.General)
    {
        PropertyNamingPolicy = JsonNamingPolicy.CamelCase,
        DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
        Converters =
        {
            new NumberConverter<DatabaseId>(v => new(v), id => id.Value),
            new NumberConverter<CollectionId>(v => new(v), id => id.Value),
            new NumberConverter<PartitionId>(v => new(v), id => id.Value),
            new NumberConverter<FieldId>(v => new(v), id => id.Value),
            new NumberConverter<IndexId>(v => new(v), id => id.Value),
            new NumberConverter<SegmentId>(v => new(v), id => id.Value),
            new NumberConverter<Timestamp>(v => new((ulong)v), t => (long)t.Value),
        },
    };

    private sealed class NumberConverter<T>(Func<long, T> make, Func<T, long> number) : JsonConverter<T>
    {
        public override T Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) => make(reader.GetInt64());

        public override void Write(Utf8JsonWriter writer, T value, JsonSerializerOptions options) => writer.WriteNumberValue(number(value));
    }
}
