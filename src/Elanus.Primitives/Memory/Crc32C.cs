using System.Numerics;
using System.Runtime.InteropServices;

namespace Elanus.Primitives;

/// <summary>CRC-32C (Castagnoli 1993; RFC 3720), by the processor's instruction where it has one.</summary>
public static class Crc32C
{
    public static uint Of(ReadOnlySpan<byte> bytes) => ~Update(uint.MaxValue, bytes);

    /// <summary>Over the pieces, as if they stood one behind the other.</summary>
    public static uint Of(IReadOnlyList<ReadOnlyMemory<byte>> pieces)
    {
        var crc = uint.MaxValue;
        for (var i = 0; i < pieces.Count; i++)
        {
            crc = Update(crc, pieces[i].Span);
        }

        return ~crc;
    }

    /// <summary>The checksum of bytes behind others whose checksum is given; that of nothing is 0.</summary>
    public static uint Continue(uint checksum, ReadOnlySpan<byte> bytes) => ~Update(~checksum, bytes);

    private static uint Update(uint crc, ReadOnlySpan<byte> bytes)
    {
        foreach (var word in MemoryMarshal.Cast<byte, ulong>(bytes))
        {
            crc = BitOperations.Crc32C(crc, word);
        }

        foreach (var rest in bytes[(bytes.Length & ~7)..])
        {
            crc = BitOperations.Crc32C(crc, rest);
        }

        return crc;
    }
}
