using System.Text.Json;

namespace Elanus.Roles;

/// <summary>One change to the query coordinator's state, as it stands in the log.</summary>
public abstract record LoadCommand : IMetadataCommand<LoadCommand>
{
    public static LoadCommand Read(JsonElement json) => LoadJson.Read(json);

    public void Write(Utf8JsonWriter json) => LoadJson.Write(json, this);

    public sealed record PutLoad(LoadInfo Load) : LoadCommand;

    public sealed record RemoveLoad(CollectionId Collection) : LoadCommand;
}
