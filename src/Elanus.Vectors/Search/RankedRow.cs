namespace Elanus.Vectors;

/// <summary>A key and a row number as one number that sorts by key, then by row. Keys are never NaN here, rows never negative.</summary>
internal static class RankedRow
{
    public static ulong Pack(float key, int row) => (ulong)Ordered(key) << 32 | (uint)row;

    public static int Row(ulong pair) => (int)(uint)pair;

    public static float Key(ulong pair)
    {
        var ordered = (uint)(pair >> 32);
        var bits = (ordered & 0x8000_0000) != 0 ? ordered & 0x7fff_ffff : ~ordered;
        return BitConverter.UInt32BitsToSingle(bits);
    }

    /// <summary>Maps floats to unsigned integers of the same order.</summary>
    private static uint Ordered(float key)
    {
        var bits = BitConverter.SingleToUInt32Bits(key);
        return (bits & 0x8000_0000) != 0 ? ~bits : bits | 0x8000_0000;
    }
}
