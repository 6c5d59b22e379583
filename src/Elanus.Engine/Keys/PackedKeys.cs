using System.Runtime.InteropServices;
using Elanus.Primitives;

namespace Elanus.Engine;

/// <summary>
/// Primary keys of an immutable segment: the rows in order of key (nothing where they lie so already) and a Bloom filter (Bloom 1970,
/// one 64-bit word a key as in Putze et al. 2007) of 12 bits a row. At most 5.5 bytes a row. Any thread.
/// </summary>
internal sealed class PackedKeys(ColumnBlock keys, bool isText, RowMemory order, RowMemory bloom, bool hasDuplicates)
{
    private const int BloomBitsPerRow = 12;

    private readonly int count = keys.Rows;

    /// <summary>Rows in order of key, one i32 each; not there where they lie so.</summary>
    public RowMemory Order => order;

    /// <summary>The filter's words.</summary>
    public RowMemory Bloom => bloom;

    /// <summary>Whether two rows have one key.</summary>
    public bool HasDuplicates => hasDuplicates;

    /// <summary>Sorts the keys of a column.</summary>
    /// <param name="keys">The primary key's column, as it stays.</param>
    /// <param name="isText">Whether keys are texts.</param>
    /// <param name="own">Gives native memory that lives as long as the rows.</param>
    public static PackedKeys Build(ColumnBlock keys, bool isText, Func<long, AlignedMemory> own)
    {
        var sorted = SortedRows(keys, isText);
        RowMemory order = default;
        if (sorted is not null)
        {
            var ranks = own((long)keys.Rows * sizeof(int));
            sorted.AsSpan().CopyTo(MemoryMarshal.Cast<byte, int>(ranks.Span(0, keys.Rows * sizeof(int))));
            order = new(ranks);
        }

        var bloom = own(BloomBytes(keys.Rows));
        var words = MemoryMarshal.Cast<byte, ulong>(bloom.Span(0, (int)bloom.Length));
        for (var row = 0; row < keys.Rows; row++)
        {
            var hash = Key.From(isText, keys.Bytes(row)).Hash;
            words[Word(hash, words.Length)] |= Bits(hash);
        }

        var repeated = false;
        for (var i = 1; i < keys.Rows && !repeated; i++)
        {
            var at = sorted is null ? i : sorted[i];
            var before = sorted is null ? i - 1 : sorted[i - 1];
            repeated = keys.Bytes(at).SequenceEqual(keys.Bytes(before));
        }

        return new(keys, isText, order, new(bloom), repeated);
    }

    /// <summary>Bytes of the filter over a number of rows.</summary>
    public static long BloomBytes(int rows) => Math.Max(1, (long)rows * BloomBitsPerRow / 64) * sizeof(ulong);

    public Key KeyAt(int row) => Key.From(isText, keys.Bytes(row));

    /// <summary>The row at a rank in ascending order of key, rows of one key from old to new.</summary>
    public int RowAt(int rank) => order.Exists ? order.At<int>(rank) : rank;

    /// <summary>The newest row of a key, or -1.</summary>
    public int Newest(in Key key)
    {
        var hash = key.Hash;
        var bits = Bits(hash);
        if ((bloom.At<ulong>(Word(hash, (int)(bloom.Length / sizeof(ulong)))) & bits) != bits)
        {
            return -1;
        }

        var rank = RankAfter(key) - 1;
        return rank >= 0 && KeyAt(RowAt(rank)).Equals(key) ? RowAt(rank) : -1;
    }

    public int Older(int row)
    {
        if (!hasDuplicates)
        {
            return -1;
        }

        var key = KeyAt(row);
        var rank = RankAfter(key) - 1;
        while (RowAt(rank) != row)
        {
            rank--;
        }

        return rank > 0 && KeyAt(RowAt(rank - 1)).Equals(key) ? RowAt(rank - 1) : -1;
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

    /// <summary>The first rank whose key is above the given one.</summary>
    private int RankAfter(in Key key)
    {
        int low = 0, high = count;
        while (low < high)
        {
            var middle = (low + high) >>> 1;
            if (KeyAt(RowAt(middle)).CompareTo(key) <= 0)
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
