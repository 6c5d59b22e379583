using System.Text.Json.Serialization;

namespace Elanus.Roles;

/// <summary>One change to the query coordinator's state, as it stands in the log.</summary>
[JsonDerivedType(typeof(PutLoad), "put-load")]
[JsonDerivedType(typeof(RemoveLoad), "remove-load")]
public abstract record LoadCommand
{
    public sealed record PutLoad(LoadInfo Load) : LoadCommand;

    public sealed record RemoveLoad(CollectionId Collection) : LoadCommand;
}
