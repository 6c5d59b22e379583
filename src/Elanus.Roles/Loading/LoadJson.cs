using System.Text.Json;

namespace Elanus.Roles;

/// <summary>What the query coordinator keeps, as <see cref="KeptJson"/>.</summary>
internal static class LoadJson
{
    public static void Write(Utf8JsonWriter json, LoadCommand command)
    {
        switch (command)
        {
            case LoadCommand.PutLoad put:
                json.WriteString("$type", "put-load");
                json.WriteObject("load", put.Load, Write);
                break;
            case LoadCommand.RemoveLoad remove:
                json.WriteString("$type", "remove-load");
                json.WriteNumber("collection", remove.Collection.Value);
                break;
            default:
                throw new InvariantBrokenException($"{command.GetType().Name} has no form");
        }
    }

    public static LoadCommand Read(JsonElement json) => json.Text("$type") switch
    {
        "put-load" => new LoadCommand.PutLoad(ReadLoad(json.Member("load"))),
        "remove-load" => new LoadCommand.RemoveLoad(new(json.Int64("collection"))),
        var other => throw new JsonException($"{other} is no command of the query coordinator"),
    };

    private static void Write(Utf8JsonWriter json, LoadInfo load)
    {
        json.WriteNumber("collection", load.Collection.Value);
        json.WriteBoolean("whole", load.Whole);
        json.WriteNumbers("partitions", load.Partitions.AsSpan(), id => id.Value);
        json.WriteNumber("replicas", load.Replicas);
        json.WriteNumbers("fields", load.Fields.AsSpan(), id => id.Value);
        json.WriteNumber("since", (long)load.Since.Value);
    }

    private static LoadInfo ReadLoad(JsonElement json) => new()
    {
        Collection = new(json.Member("collection").GetInt64()),
        Whole = json.Member("whole").GetBoolean(),
        Partitions = json.ListOrNone("partitions", id => new PartitionId(id.GetInt64())),
        Replicas = json.Int32("replicas", absent: 1),
        Fields = json.ListOrNone("fields", id => new FieldId(id.GetInt64())),
        Since = new((ulong)json.Member("since").GetInt64()),
    };
}
