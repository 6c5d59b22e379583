using System.Text.Json;

namespace Elanus.Roles;

/// <summary>What the index coordinator keeps, as <see cref="KeptJson"/>.</summary>
internal static class IndexJson
{
    public static void Write(Utf8JsonWriter json, IndexCommand command)
    {
        switch (command)
        {
            case IndexCommand.PutIndex put:
                json.WriteString("$type", "put-index");
                json.WriteObject("index", put.Index, Write);
                break;
            case IndexCommand.RemoveIndex remove:
                json.WriteString("$type", "remove-index");
                json.WriteNumber("collection", remove.Collection.Value);
                json.WriteNumber("index", remove.Index.Value);
                break;
            default:
                throw new InvariantBrokenException($"{command.GetType().Name} has no form");
        }
    }

    public static IndexCommand Read(JsonElement json) => json.Text("$type") switch
    {
        "put-index" => new IndexCommand.PutIndex(ReadIndex(json.Member("index"))),
        "remove-index" => new IndexCommand.RemoveIndex(new(json.Int64("collection")), new(json.Int64("index"))),
        var other => throw new JsonException($"{other} is no command of the index coordinator"),
    };

    private static void Write(Utf8JsonWriter json, IndexInfo index)
    {
        json.WriteNumber("id", index.Id.Value);
        json.WriteNumber("collection", index.Collection.Value);
        json.WriteNumber("field", index.Field.Value);
        json.WriteString("name", index.Name);
        json.WriteString("type", index.Type);
        SchemaJson.WritePairs(json, "params", index.Params);
        SchemaJson.WriteProperties(json, index.Properties);
        json.WriteNumber("created", (long)index.Created.Value);
    }

    private static IndexInfo ReadIndex(JsonElement json) => new()
    {
        Id = new(json.Member("id").GetInt64()),
        Collection = new(json.Member("collection").GetInt64()),
        Field = new(json.Member("field").GetInt64()),
        Name = json.Text("name"),
        Type = json.Text("type"),
        Params = json.List("params", SchemaJson.ReadPair),
        Properties = SchemaJson.ReadProperties(json),
        Created = new((ulong)json.Member("created").GetInt64()),
    };
}
