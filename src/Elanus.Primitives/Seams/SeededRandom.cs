using System.Buffers.Binary;

namespace Elanus.Primitives;

/// <summary>Randomness that a seed repeats: SplitMix64 (Steele, Lea, Flood, 2014). For the simulator and tests, never for secrets. One thread at a time.</summary>
public sealed class SeededRandom(ulong seed) : IRandomSource
{
    private ulong state = seed;

    public ulong NextUInt64()
    {
        var mixed = state += 0x9E3779B97F4A7C15;
        mixed = (mixed ^ (mixed >> 30)) * 0xBF58476D1CE4E5B9;
        mixed = (mixed ^ (mixed >> 27)) * 0x94D049BB133111EB;
        return mixed ^ (mixed >> 31);
    }

    public void Fill(Span<byte> bytes)
    {
        Span<byte> word = stackalloc byte[8];
        while (bytes.Length > 0)
        {
            BinaryPrimitives.WriteUInt64LittleEndian(word, NextUInt64());
            var piece = Math.Min(8, bytes.Length);
            word[..piece].CopyTo(bytes);
            bytes = bytes[piece..];
        }
    }
}
