using System.Runtime.InteropServices;
using Elanus.Primitives;

namespace Elanus.Engine;

/// <summary>
/// Primary keys of an immutable segment: the rows in order of key (nothing where they lie so already) and a Bloom filter (Bloom 1970,
/// one 64-bit word a key as in Putze et al. 2007) of 12 bits a row. At most 5.5 bytes a row. Any thread.
/// </summary>
internal sealed class PackedKeys
{
    private const int BloomBitsPerRow = 12;

    private readonly RowStore rows;
    private readonly int count;
    private readonly AlignedMemory? order;
    private readonly AlignedMemory bloom;
    private readonly bool hasDuplicates;

    /// <param name="rows">The segment's rows, whose order the ranks name.</param>
    /// <param name="keys">The primary key's column.</param>
    /// <param name="own">Gives native memory that lives as long as the rows.</param>
    public PackedKeys(RowStore rows, ColumnBlock keys, Func<long, AlignedMemory> own)
    {
        this.rows = rows;
        count = keys.Rows;
        var sorted = SortedRows(keys, rows.Layout.KeyIsText);
        if (sorted is not null)
        {
            order = own((long)count * sizeof(int));
            sorted.AsSpan().CopyTo(MemoryMarshal.Cast<byte, int>(order.Span(0, count * sizeof(int))));
        }

        bloom = own(Math.Max(1, (long)count * BloomBitsPerRow / 64) * sizeof(ulong));
        var words = Words();
        for (var row = 0; row < count; row++)
        {
            var hash = Key.From(rows.Layout.KeyIsText, keys.Bytes(row)).Hash;
            words[Word(hash, words.Length)] |= Bits(hash);
        }

        for (var i = 1; i < count && !hasDuplicates; i++)
        {
            var at = sorted is null ? i : sorted[i];
            var before = sorted is null ? i - 1 : sorted[i - 1];
            hasDuplicates = keys.Bytes(at).SequenceEqual(keys.Bytes(before));
        }
    }

    /// <summary>The row at a rank in ascending order of key, rows of one key from old to new.</summary>
    public int RowAt(int rank) => order is null ? rank : MemoryMarshal.Read<int>(order.Span((long)rank * sizeof(int), sizeof(int)));

    /// <summary>The newest row of a key, or -1.</summary>
    public int Newest(in Key key)
    {
        var hash = key.Hash;
        var words = Words();
        var bits = Bits(hash);
        if ((words[Word(hash, words.Length)] & bits) != bits)
        {
            return -1;
        }

        var rank = RankAfter(key) - 1;
        return rank >= 0 && rows.KeyAt(RowAt(rank)).Equals(key) ? RowAt(rank) : -1;
    }

    public int Older(int row)
    {
        if (!hasDuplicates)
        {
            return -1;
        }

        var key = rows.KeyAt(row);
        var rank = RankAfter(key) - 1;
        while (RowAt(rank) != row)
        {
            rank--;
        }

        return rank > 0 && rows.KeyAt(RowAt(rank - 1)).Equals(key) ? RowAt(rank - 1) : -1;
    }

    private static int Word(ulong hash, int words) => (int)(((hash >> 32) * (ulong)words) >> 32);

    private static ulong Bits(ulong hash) =>
        1UL << (int)(hash & 63) | 1UL << (int)(hash >> 6 & 63) | 1UL << (int)(hash >> 12 & 63) | 1UL << (int)(hash >> 18 & 63);

    /// <summary>Rows in order of (key, row); null where they already stand so.</summary>
    private static int[]? SortedRows(ColumnBlock keys, bool isText)
    {
        var sorted = true;
        for (var row = 1; row < keys.Rows && sorted; row++)
        {
            sorted = Key.From(isText, keys.Bytes(row - 1)).CompareTo(Key.From(isText, keys.Bytes(row))) <= 0;
        }

        if (sorted)
        {
            return null;
        }

        var order = new int[keys.Rows];
        for (var row = 0; row < order.Length; row++)
        {
            order[row] = row;
        }

        if (isText)
        {
            Array.Sort(order, (a, b) => keys.Bytes(a).SequenceCompareTo(keys.Bytes(b)) is not 0 and var by ? by : a.CompareTo(b));
            return order;
        }

        var numbers = keys.As<long>().ToArray();
        Array.Sort(numbers, order);
        for (var from = 0; from < order.Length;)
        {
            var to = from + 1;
            while (to < order.Length && numbers[to] == numbers[from])
            {
                to++;
            }

            // The sort is not stable; within one key rows stand from old to new.
            order.AsSpan(from, to - from).Sort();
            from = to;
        }

        return order;
    }

    private Span<ulong> Words() => MemoryMarshal.Cast<byte, ulong>(bloom.Span(0, (int)bloom.Length));

    /// <summary>The first rank whose key is above the given one.</summary>
    private int RankAfter(in Key key)
    {
        int low = 0, high = count;
        while (low < high)
        {
            var middle = (low + high) >>> 1;
            if (rows.KeyAt(RowAt(middle)).CompareTo(key) <= 0)
            {
                low = middle + 1;
            }
            else
            {
                high = middle;
            }
        }

        return low;
    }
}
