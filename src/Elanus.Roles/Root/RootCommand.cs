using System.Text.Json;

namespace Elanus.Roles;

/// <summary>
/// One change to the root coordinator's state, as it stands in the log. Everything is decided before the append:
/// applying only puts and removes, so that every node arrives at the same state.
/// </summary>
public abstract record RootCommand : IMetadataCommand<RootCommand>
{
    public static RootCommand Read(JsonElement json) => RootJson.Read(json);

    public void Write(Utf8JsonWriter json) => RootJson.Write(json, this);

    /// <summary>No id at or above the ceiling was ever handed out; those below it may have been.</summary>
    public sealed record ReserveIds(long Ceiling) : RootCommand;

    public sealed record PutDatabase(DatabaseInfo Database) : RootCommand;

    public sealed record RemoveDatabase(DatabaseId Database) : RootCommand;

    public sealed record PutCollection(CollectionInfo Collection) : RootCommand;

    public sealed record RemoveCollection(CollectionId Collection) : RootCommand;

    public sealed record PutAlias(AliasInfo Alias) : RootCommand;

    public sealed record RemoveAlias(DatabaseId Database, string Name) : RootCommand;

    public sealed record PutUser(UserInfo User) : RootCommand;

    public sealed record RemoveUser(string Name) : RootCommand;
}
