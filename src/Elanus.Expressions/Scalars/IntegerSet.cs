using System.Collections.Immutable;
using System.Numerics;

namespace Elanus.Expressions;

/// <summary>
/// An immutable set of 64-bit integers: a bitmap where they lie densely, else a table with open addressing, half full at most, in which no value lies
/// further than a bound from its slot, else (values chosen to collide) a sorted array. So no list makes building or asking slow.
/// </summary>
internal sealed class IntegerSet
{
    private const ulong Spread = 0x9E3779B97F4A7C15;

    /// <summary>A bitmap may take this many bits for each value.</summary>
    private const int BitmapBitsPerValueMax = 128;

    private const int ProbesMax = 64;

    private readonly ulong[]? bitmap;
    private readonly long minimum;
    private readonly long[]? table;
    private readonly int shift;
    private readonly bool hasZero;

    public IntegerSet(IEnumerable<long> values)
    {
        Values = SortedDistinct(values);
        if (Values.IsEmpty)
        {
            bitmap = [];
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
        shift = 64 - BitOperations.Log2(size);
        hasZero = Values.AsSpan().BinarySearch(0L) >= 0;
        table = Table(new long[size]);
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

        if (table is null)
        {
            return Values.AsSpan().BinarySearch(value) >= 0;
        }

        var slot = Slot(value);
        for (var probe = 0; probe < ProbesMax; probe++)
        {
            var found = table[(slot + probe) & (table.Length - 1)];
            if (found == value || found == 0)
            {
                return found == value;
            }
        }

        return false;
    }

    private static ImmutableArray<long> SortedDistinct(IEnumerable<long> values)
    {
        var sorted = values.ToArray();
        Array.Sort(sorted);
        var count = 0;
        foreach (var value in sorted)
        {
            if (count == 0 || sorted[count - 1] != value)
            {
                sorted[count++] = value;
            }
        }

        return [.. sorted.AsSpan(0, count)];
    }

    /// <summary>Fills a table; null where a value finds no slot near its own.</summary>
    private long[]? Table(long[] slots)
    {
        foreach (var value in Values)
        {
            if (value == 0)
            {
                continue;
            }

            var slot = Slot(value);
            var probe = 0;
            while (probe < ProbesMax && slots[(slot + probe) & (slots.Length - 1)] != 0)
            {
                probe++;
            }

            if (probe == ProbesMax)
            {
                return null;
            }

            slots[(slot + probe) & (slots.Length - 1)] = value;
        }

        return slots;
    }

    private int Slot(long value) => (int)(unchecked((ulong)value * Spread) >> shift);
}
