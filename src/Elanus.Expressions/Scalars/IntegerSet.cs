using System.Collections.Immutable;
using System.Numerics;

namespace Elanus.Expressions;

/// <summary>An immutable set of 64-bit integers: a bitmap where they lie densely, else a table with open addressing, half full at most.</summary>
internal sealed class IntegerSet
{
    private const ulong Spread = 0x9E3779B97F4A7C15;

    /// <summary>A bitmap may take this many bits for each value.</summary>
    private const int BitmapBitsPerValueMax = 128;

    private readonly ulong[]? bitmap;
    private readonly long minimum;
    private readonly long[] table = [];
    private readonly int shift;
    private readonly bool hasZero;

    public IntegerSet(IEnumerable<long> values)
    {
        Values = [.. values.Distinct().Order()];
        if (Values.IsEmpty)
        {
            return;
        }

        minimum = Values[0];
        var range = unchecked((ulong)Values[^1] - (ulong)minimum);
        if (range < (ulong)Values.Length * BitmapBitsPerValueMax)
        {
            bitmap = new ulong[range / 64 + 1];
            foreach (var value in Values)
            {
                var bit = unchecked((ulong)value - (ulong)minimum);
                bitmap[bit / 64] |= 1UL << (int)(bit & 63);
            }

            return;
        }

        var size = BitOperations.RoundUpToPowerOf2((uint)Values.Length * 2);
        table = new long[size];
        shift = 64 - BitOperations.Log2(size);
        foreach (var value in Values)
        {
            if (value == 0)
            {
                hasZero = true;
                continue;
            }

            var slot = Slot(value);
            while (table[slot] != 0)
            {
                slot = (slot + 1) & (table.Length - 1);
            }

            table[slot] = value;
        }
    }

    public int Count => Values.Length;

    /// <summary>The values in ascending order.</summary>
    public ImmutableArray<long> Values { get; }

    public bool Contains(long value)
    {
        if (bitmap is not null)
        {
            var bit = unchecked((ulong)value - (ulong)minimum);
            return bit / 64 < (ulong)bitmap.Length && (bitmap[bit / 64] >> (int)(bit & 63) & 1) != 0;
        }

        if (value == 0)
        {
            return hasZero;
        }

        if (table.Length == 0)
        {
            return false;
        }

        for (var slot = Slot(value); ; slot = (slot + 1) & (table.Length - 1))
        {
            var found = table[slot];
            if (found == value)
            {
                return true;
            }

            if (found == 0)
            {
                return false;
            }
        }
    }

    private int Slot(long value) => (int)(unchecked((ulong)value * Spread) >> shift);
}
