namespace Elanus.Engine;

/// <summary>Record kinds of a data channel: 0x0100 to 0x01FF. The log's own lie below, those of metadata above.</summary>
public static class DataRecordKinds
{
    public const ushort First = 0x0100;
    public const ushort Last = 0x01FF;

    public const ushort CollectionCreated = 0x0100;
    public const ushort CollectionDropped = 0x0101;
    public const ushort SchemaChanged = 0x0102;
    public const ushort PartitionCreated = 0x0103;
    public const ushort PartitionDropped = 0x0104;
    public const ushort Truncated = 0x0105;
    public const ushort Write = 0x0110;
    public const ushort Seal = 0x0120;
    public const ushort Publish = 0x0121;
    public const ushort Compact = 0x0122;
    public const ushort Drop = 0x0123;

    /// <summary>Whether a kind belongs to this range, known or not.</summary>
    public static bool Contains(int kind) => kind is >= First and <= Last;
}
