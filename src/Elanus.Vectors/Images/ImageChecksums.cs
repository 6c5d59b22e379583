using System.Numerics;
using System.Runtime.InteropServices;

namespace Elanus.Vectors;

/// <summary>
/// The checksums at the end of an index image: CRC-32C of each block of the body that follows the header, then one of the header and those
/// checksums together. So every byte of an image stands under one.
/// </summary>
internal readonly unsafe struct ImageChecksums(byte* image, int headerBytes, long bodyEnd)
{
    public const int BlockBytes = 1 << 20;

    private readonly byte* image = image;
    private readonly int headerBytes = headerBytes;
    private readonly long bodyEnd = bodyEnd;

    private int Blocks => BlocksOf(bodyEnd - headerBytes);

    private uint* Sums => (uint*)(image + bodyEnd);

    /// <summary>Bytes that the checksums of an image take.</summary>
    public static long Bytes(int headerBytes, long bodyEnd) => (BlocksOf(bodyEnd - headerBytes) + 1L) * sizeof(uint);

    public void Write()
    {
        for (var block = 0; block < Blocks; block++)
        {
            Sums[block] = BlockSum(block);
        }

        Sums[Blocks] = LastSum();
    }

    /// <summary>What is damaged, or null.</summary>
    public string? Damage()
    {
        if (Sums[Blocks] != LastSum())
        {
            return "its header or its checksums are damaged";
        }

        for (var block = 0; block < Blocks; block++)
        {
            if (Sums[block] != BlockSum(block))
            {
                return $"its bytes from {headerBytes + (long)block * BlockBytes} on are damaged";
            }
        }

        return null;
    }

    private static int BlocksOf(long bytes) => (int)((bytes + BlockBytes - 1) / BlockBytes);

    private uint BlockSum(int block)
    {
        var from = headerBytes + (long)block * BlockBytes;
        return Sum(0, new(image + from, (int)Math.Min(BlockBytes, bodyEnd - from)));
    }

    private uint LastSum() => Sum(Sum(0, new(image, headerBytes)), new(Sums, Blocks * sizeof(uint)));

    private static uint Sum(uint sum, ReadOnlySpan<byte> bytes)
    {
        sum = ~sum;
        var words = MemoryMarshal.Cast<byte, ulong>(bytes);
        foreach (var word in words)
        {
            sum = BitOperations.Crc32C(sum, word);
        }

        foreach (var rest in bytes[(words.Length * sizeof(ulong))..])
        {
            sum = BitOperations.Crc32C(sum, rest);
        }

        return ~sum;
    }
}
