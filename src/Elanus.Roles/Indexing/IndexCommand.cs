using System.Text.Json;

namespace Elanus.Roles;

/// <summary>One change to the index coordinator's state, as it stands in the log.</summary>
public abstract record IndexCommand : IMetadataCommand<IndexCommand>
{
    public static IndexCommand Read(JsonElement json) => IndexJson.Read(json);

    public void Write(Utf8JsonWriter json) => IndexJson.Write(json, this);

    public sealed record PutIndex(IndexInfo Index) : IndexCommand;

    public sealed record RemoveIndex(CollectionId Collection, IndexId Index) : IndexCommand;
}
