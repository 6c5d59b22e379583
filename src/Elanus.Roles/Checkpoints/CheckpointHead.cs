using System.Text.Json;

namespace Elanus.Roles;

/// <summary>The first section of a checkpoint: what it is of. It repeats the name, so that a file under another's name is found out.</summary>
internal sealed record CheckpointHead(int Format, uint Channel, ulong Epoch, string Claim, ulong Position, ulong Timestamp)
{
    public const int CurrentFormat = 1;

    public static CheckpointHead Of(CheckpointName name, Timestamp timestamp) => new(
        CurrentFormat, name.Position.Channel.Value, name.Epoch.Number, name.Epoch.Claim.ToString(), name.Position.Number, timestamp.Value);

    public static CheckpointHead? Read(ReadOnlySpan<byte> json)
    {
        try
        {
            return JsonSerializer.Deserialize<CheckpointHead>(json, SchemaJson.Options);
        }
        catch (JsonException)
        {
            return null;
        }
    }

    public byte[] Write() => JsonSerializer.SerializeToUtf8Bytes(this, SchemaJson.Options);
}
