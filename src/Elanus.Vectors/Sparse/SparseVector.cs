using System.Runtime.InteropServices;
using Elanus.Primitives;

namespace Elanus.Vectors;

/// <summary>One sparse vector as bytes: (uint32 index, float32 value) pairs.</summary>
public static class SparseVector
{
    public const int PairBytes = 8;

    /// <summary>What is wrong with a vector, or null: its length, an index out of order or equal to 2^32 - 1, a value that is no finite number.</summary>
    public static string? Fault(ReadOnlySpan<byte> vector)
    {
        if (vector.Length % PairBytes != 0)
        {
            return $"its length of {vector.Length} bytes is not a multiple of {PairBytes}";
        }

        var before = -1L;
        foreach (var pair in Pairs(vector))
        {
            if (pair.Index <= before)
            {
                return $"index {pair.Index} stands behind {before}";
            }

            if (pair.Index == uint.MaxValue)
            {
                return $"index {pair.Index} is too large";
            }

            if (!float.IsFinite(pair.Value))
            {
                return $"the value at index {pair.Index} is not a finite number";
            }

            before = pair.Index;
        }

        return null;
    }

    internal static ReadOnlySpan<Pair> Pairs(ReadOnlySpan<byte> vector) => MemoryMarshal.Cast<byte, Pair>(vector);

    [StructLayout(LayoutKind.Sequential, Pack = 1)]
    internal readonly struct Pair(uint index, float value)
    {
        public readonly uint Index = index;

        public readonly float Value = value;
    }
}
