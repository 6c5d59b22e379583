using System.Text.Json;

namespace Elanus.Roles;

/// <summary>A command as <see cref="KeptJson"/>: one object, whose first member names the command.</summary>
public interface IMetadataCommand<TSelf>
    where TSelf : class, IMetadataCommand<TSelf>
{
    /// <summary>Writes the object's members.</summary>
    void Write(Utf8JsonWriter json);

    /// <exception cref="JsonException">It is none of these commands.</exception>
    static abstract TSelf Read(JsonElement json);
}
