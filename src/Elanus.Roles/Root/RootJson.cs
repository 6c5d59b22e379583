using System.Text.Json;

namespace Elanus.Roles;

/// <summary>What the root coordinator keeps, as <see cref="KeptJson"/>. What follows from other members is written for people; it is not read.</summary>
internal static class RootJson
{
    public static void Write(Utf8JsonWriter json, RootCommand command)
    {
        switch (command)
        {
            case RootCommand.ReserveIds reserve:
                json.WriteString("$type", "reserve-ids");
                json.WriteNumber("ceiling", reserve.Ceiling);
                break;
            case RootCommand.PutDatabase put:
                json.WriteString("$type", "put-database");
                json.WriteObject("database", put.Database, Write);
                break;
            case RootCommand.RemoveDatabase remove:
                json.WriteString("$type", "remove-database");
                json.WriteNumber("database", remove.Database.Value);
                break;
            case RootCommand.PutCollection put:
                json.WriteString("$type", "put-collection");
                json.WriteObject("collection", put.Collection, Write);
                break;
            case RootCommand.RemoveCollection remove:
                json.WriteString("$type", "remove-collection");
                json.WriteNumber("collection", remove.Collection.Value);
                break;
            case RootCommand.PutAlias put:
                json.WriteString("$type", "put-alias");
                json.WriteObject("alias", put.Alias, Write);
                break;
            case RootCommand.RemoveAlias remove:
                json.WriteString("$type", "remove-alias");
                json.WriteNumber("database", remove.Database.Value);
                json.WriteString("name", remove.Name);
                break;
            case RootCommand.PutUser put:
                json.WriteString("$type", "put-user");
                json.WriteObject("user", put.User, Write);
                break;
            case RootCommand.RemoveUser remove:
                json.WriteString("$type", "remove-user");
                json.WriteString("name", remove.Name);
                break;
            default:
                throw new InvariantBrokenException($"{command.GetType().Name} has no form");
        }
    }

    public static RootCommand Read(JsonElement json) => json.Text("$type") switch
    {
        "reserve-ids" => new RootCommand.ReserveIds(json.Int64("ceiling")),
        "put-database" => new RootCommand.PutDatabase(ReadDatabase(json.Member("database"))),
        "remove-database" => new RootCommand.RemoveDatabase(new(json.Int64("database"))),
        "put-collection" => new RootCommand.PutCollection(ReadCollection(json.Member("collection"))),
        "remove-collection" => new RootCommand.RemoveCollection(new(json.Int64("collection"))),
        "put-alias" => new RootCommand.PutAlias(ReadAlias(json.Member("alias"))),
        "remove-alias" => new RootCommand.RemoveAlias(new(json.Int64("database")), json.Text("name")),
        "put-user" => new RootCommand.PutUser(ReadUser(json.Member("user"))),
        "remove-user" => new RootCommand.RemoveUser(json.Text("name")),
        var other => throw new JsonException($"{other} is no command of the root coordinator"),
    };

    private static void Write(Utf8JsonWriter json, DatabaseInfo database)
    {
        json.WriteNumber("id", database.Id.Value);
        json.WriteString("name", database.Name);
        json.WriteNumber("created", (long)database.Created.Value);
        SchemaJson.WriteProperties(json, database.Properties);
        if (database.CollectionsMax is { } most)
        {
            json.WriteNumber("collectionsMax", most);
        }
    }

    private static DatabaseInfo ReadDatabase(JsonElement json) => new()
    {
        Id = new(json.Member("id").GetInt64()),
        Name = json.Text("name"),
        Created = new((ulong)json.Member("created").GetInt64()),
        Properties = SchemaJson.ReadProperties(json),
    };

    private static void Write(Utf8JsonWriter json, CollectionInfo collection)
    {
        json.WriteNumber("id", collection.Id.Value);
        json.WriteNumber("database", collection.Database.Value);
        json.WriteObject("schema", collection.Schema, SchemaJson.Write);
        json.WriteNumber("shards", collection.Shards);
        json.WriteNumber("consistency", (int)collection.Consistency);
        json.WriteNumber("created", (long)collection.Created.Value);
        json.WriteNumber("updated", (long)collection.Updated.Value);
        json.WriteObjects("partitions", collection.Partitions.AsSpan(), Write);
        SchemaJson.WriteProperties(json, collection.Properties);
        json.WriteString("name", collection.Name);
    }

    private static CollectionInfo ReadCollection(JsonElement json) => new()
    {
        Id = new(json.Member("id").GetInt64()),
        Database = new(json.Member("database").GetInt64()),
        Schema = SchemaJson.Read(json.Member("schema")),
        Shards = json.Member("shards").GetInt32(),
        Consistency = (ConsistencyLevel)json.Member("consistency").GetInt32(),
        Created = new((ulong)json.Member("created").GetInt64()),
        Updated = new((ulong)json.Member("updated").GetInt64()),
        Partitions = json.List("partitions", ReadPartition),
        Properties = SchemaJson.ReadProperties(json),
    };

    private static void Write(Utf8JsonWriter json, PartitionInfo partition)
    {
        json.WriteNumber("id", partition.Id.Value);
        json.WriteString("name", partition.Name);
        json.WriteNumber("created", (long)partition.Created.Value);
    }

    private static PartitionInfo ReadPartition(JsonElement json) => new(new(json.Int64("id")), json.Text("name"), new((ulong)json.Int64("created")));

    private static void Write(Utf8JsonWriter json, AliasInfo alias)
    {
        json.WriteNumber("database", alias.Database.Value);
        json.WriteString("name", alias.Name);
        json.WriteNumber("collection", alias.Collection.Value);
    }

    private static AliasInfo ReadAlias(JsonElement json) => new(new(json.Int64("database")), json.Text("name"), new(json.Int64("collection")));

    private static void Write(Utf8JsonWriter json, UserInfo user)
    {
        json.WriteString("name", user.Name);
        json.WriteBase64String("salt", user.Salt);
        json.WriteNumber("iterations", user.Iterations);
        json.WriteBase64String("hash", user.Hash);
    }

    private static UserInfo ReadUser(JsonElement json) => new(
        json.Text("name"), json.Member("salt").GetBytesFromBase64(), json.Int32("iterations"), json.Member("hash").GetBytesFromBase64());
}
