using System.Text.Json;

namespace Elanus.Roles;

/// <summary>
/// The commands' form in the log: UTF-8 JSON (<see cref="KeptJson"/>) whose first property names the command. Unknown properties are passed over, so that a node
/// of the previous version reads what a newer one added.
/// </summary>
public static class MetadataCommands
{
    /// <summary>The bytes of a command, read back once: what cannot be read must never be appended, for nothing could ever follow it.</summary>
    public static ReadOnlyMemory<byte> Encode<TCommand>(TCommand command)
        where TCommand : class, IMetadataCommand<TCommand>
    {
        var bytes = KeptJson.Write(json => json.WriteObject(command, static (members, written) => written.Write(members)));
        Decode<TCommand>(bytes);
        return bytes;
    }

    /// <summary>A record's command; a payload that is none is corruption and throws.</summary>
    public static TCommand Decode<TCommand>(ReadOnlyMemory<byte> payload)
        where TCommand : class, IMetadataCommand<TCommand>
    {
        try
        {
            return KeptJson.Read(payload.Span, TCommand.Read)
                ?? throw new InvalidDataException($"a {typeof(TCommand).Name} in the log is null");
        }
        catch (JsonException broken)
        {
            throw new InvalidDataException($"a {typeof(TCommand).Name} in the log cannot be read: {broken.Message}", broken);
        }
    }
}
