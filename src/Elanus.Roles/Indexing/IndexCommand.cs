using System.Text.Json.Serialization;

namespace Elanus.Roles;

/// <summary>One change to the index coordinator's state, as it stands in the log.</summary>
[JsonDerivedType(typeof(PutIndex), "put-index")]
[JsonDerivedType(typeof(RemoveIndex), "remove-index")]
public abstract record IndexCommand
{
    public sealed record PutIndex(IndexInfo Index) : IndexCommand;

    public sealed record RemoveIndex(CollectionId Collection, IndexId Index) : IndexCommand;
}
