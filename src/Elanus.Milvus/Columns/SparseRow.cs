using System.Runtime.InteropServices;

namespace Elanus.Milvus;

/// <summary>One sparse vector: (uint32 index, float32 value) pairs, little endian. Clients may send the pairs in any order.</summary>
public static class SparseRow
{
    public const int PairBytes = 8;

    /// <summary>
    /// The pairs in ascending order of index, the input itself where they already are. Indices that stand twice stay twice: they are
    /// refused where values are checked. The length must be a multiple of <see cref="PairBytes"/>.
    /// </summary>
    public static ReadOnlyMemory<byte> Sorted(ReadOnlyMemory<byte> pairs)
    {
        Invariant.Holds(pairs.Length % PairBytes == 0, "a sparse vector is not a list of pairs");
        if (IsAscending(MemoryMarshal.Cast<byte, ulong>(pairs.Span)))
        {
            return pairs;
        }

        var sorted = pairs.ToArray();
        var entries = MemoryMarshal.Cast<byte, ulong>(sorted.AsSpan());

        // The index is the lower half of a little-endian pair.
        entries.Sort(static (left, right) => ((uint)left).CompareTo((uint)right));
        return sorted;
    }

    private static bool IsAscending(ReadOnlySpan<ulong> entries)
    {
        for (var i = 1; i < entries.Length; i++)
        {
            if ((uint)entries[i] <= (uint)entries[i - 1])
            {
                return false;
            }
        }

        return true;
    }
}
