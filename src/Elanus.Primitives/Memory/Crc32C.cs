using System.Numerics;
using System.Runtime.InteropServices;

namespace Elanus.Primitives;

/// <summary>
/// CRC-32C (Castagnoli 1993; RFC 3720), by the processor's instruction where it has one. Long inputs go through it in three independent lanes, because the
/// instruction's result comes three cycles after its start (Gopal et al., Fast CRC Computation for iSCSI Polynomial Using CRC32 Instruction, Intel 2011).
/// </summary>
public static class Crc32C
{
    private const int LaneWords = 128;

    /// <summary>What a checksum becomes behind one lane of zeros, by each of its four bytes: the checksum is linear.</summary>
    private static readonly uint[] BehindLane = LaneShift();

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
        var words = MemoryMarshal.Cast<byte, ulong>(bytes);
        while (words.Length >= 3 * LaneWords)
        {
            crc = ThreeLanes(crc, words[..LaneWords], words[LaneWords..(2 * LaneWords)], words[(2 * LaneWords)..(3 * LaneWords)]);
            words = words[(3 * LaneWords)..];
        }

        foreach (var word in words)
        {
            crc = BitOperations.Crc32C(crc, word);
        }

        foreach (var rest in bytes[(bytes.Length & ~7)..])
        {
            crc = BitOperations.Crc32C(crc, rest);
        }

        return crc;
    }

    private static uint ThreeLanes(uint crc, ReadOnlySpan<ulong> first, ReadOnlySpan<ulong> second, ReadOnlySpan<ulong> third)
    {
        uint secondCrc = 0;
        uint thirdCrc = 0;
        for (var i = 0; i < first.Length && i < second.Length && i < third.Length; i++)
        {
            crc = BitOperations.Crc32C(crc, first[i]);
            secondCrc = BitOperations.Crc32C(secondCrc, second[i]);
            thirdCrc = BitOperations.Crc32C(thirdCrc, third[i]);
        }

        return Shift(Shift(crc) ^ secondCrc) ^ thirdCrc;
    }

    private static uint Shift(uint crc) =>
        BehindLane[crc & 0xFF] ^ BehindLane[256 + ((crc >> 8) & 0xFF)] ^ BehindLane[512 + ((crc >> 16) & 0xFF)] ^ BehindLane[768 + (crc >> 24)];

    private static uint[] LaneShift()
    {
        var table = new uint[4 * 256];
        for (var bit = 0; bit < 32; bit++)
        {
            var shifted = 1u << bit;
            for (var word = 0; word < LaneWords; word++)
            {
                shifted = BitOperations.Crc32C(shifted, 0ul);
            }

            var part = table.AsSpan(bit / 8 * 256, 256);
            for (var value = 0; value < part.Length; value++)
            {
                part[value] ^= (value >> (bit % 8) & 1) == 0 ? 0 : shifted;
            }
        }

        return table;
    }
}
