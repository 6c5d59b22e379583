using System.Runtime.CompilerServices;

namespace Elanus.Vectors;

/// <summary>Which rows a walk has met: a bit a row, and a list of the words to clear, so that a short walk over many rows clears little.</summary>
internal sealed class VisitedRows(int rows)
{
    private readonly ulong[] words = new ulong[(rows + 63) / 64];
    private readonly int[] touched = new int[(rows + 63) / 64];
    private int count;

    /// <summary>Marks a row; false where it was marked before.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public bool Mark(int row)
    {
        ref var word = ref words[row >> 6];
        var bit = 1UL << row;
        if ((word & bit) != 0)
        {
            return false;
        }

        if (word == 0)
        {
            touched[count++] = row >> 6;
        }

        word |= bit;
        return true;
    }

    public void Clear()
    {
        foreach (var word in touched.AsSpan(0, count))
        {
            words[word] = 0;
        }

        count = 0;
    }
}
