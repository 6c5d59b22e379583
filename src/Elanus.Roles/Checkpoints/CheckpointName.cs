using System.Globalization;

namespace Elanus.Roles;

/// <summary>What a checkpoint is named by: the last record in it, and the epoch and claim that wrote that record. Ordered by position.</summary>
public readonly record struct CheckpointName(Epoch Epoch, LogPosition Position)
{
    private const string End = ".checkpoint";

    /// <summary>The file's name: epoch's number, claim, position.</summary>
    public override string ToString() => string.Create(
        CultureInfo.InvariantCulture, $"{Epoch.Number:D20}-{Epoch.Claim}-{Position.Number:D20}{End}");

    public static bool TryParse(string file, ChannelId channel, out CheckpointName name)
    {
        name = default;
        var parts = file.EndsWith(End, StringComparison.Ordinal) ? file[..^End.Length].Split('-') : [];
        if (parts.Length != 3
            || parts[1].Length != 32
            || !ulong.TryParse(parts[0], NumberStyles.None, CultureInfo.InvariantCulture, out var epoch)
            || !ulong.TryParse(parts[1][..16], NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out var high)
            || !ulong.TryParse(parts[1][16..], NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out var low)
            || !ulong.TryParse(parts[2], NumberStyles.None, CultureInfo.InvariantCulture, out var position))
        {
            return false;
        }

        name = new(new(epoch, new(high, low)), new(channel, position));
        return name.ToString() == file;
    }
}
