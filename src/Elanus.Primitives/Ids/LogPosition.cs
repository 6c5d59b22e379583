namespace Elanus.Primitives;

/// <summary>
/// The place of a record in its channel; the first record stands at 1, 0 is before all.
/// Positions of two channels are never compared: doing so throws.
/// </summary>
public readonly record struct LogPosition(ChannelId Channel, ulong Number) : IComparable<LogPosition>
{
    public static LogPosition Start(ChannelId channel) => new(channel, 0);

    public LogPosition Next => new(Channel, Number + 1);

    public int CompareTo(LogPosition other)
    {
        Invariant.Holds(Channel == other.Channel, "positions of two channels are never compared");
        return Number.CompareTo(other.Number);
    }

    public static bool operator <(LogPosition left, LogPosition right) => left.CompareTo(right) < 0;

    public static bool operator <=(LogPosition left, LogPosition right) => left.CompareTo(right) <= 0;

    public static bool operator >(LogPosition left, LogPosition right) => left.CompareTo(right) > 0;

    public static bool operator >=(LogPosition left, LogPosition right) => left.CompareTo(right) >= 0;

    public override string ToString() => $"{Channel}@{Number}";
}
