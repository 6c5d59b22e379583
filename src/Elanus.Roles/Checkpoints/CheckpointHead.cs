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
            return KeptJson.Read<CheckpointHead>(json, head => new(
                head.Int32("format"), head.UInt32("channel"), head.UInt64("epoch"), head.Text("claim"), head.UInt64("position"), head.UInt64("timestamp")));
        }
        catch (JsonException)
        {
            return null;
        }
    }

    public byte[] Write() => KeptJson.Write(json =>
    {
        json.WriteStartObject();
        json.WriteNumber("format", Format);
        json.WriteNumber("channel", Channel);
        json.WriteNumber("epoch", Epoch);
        json.WriteString("claim", Claim);
        json.WriteNumber("position", Position);
        json.WriteNumber("timestamp", Timestamp);
        json.WriteEndObject();
    });
}
