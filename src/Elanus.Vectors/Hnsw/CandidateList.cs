using System.Runtime.CompilerServices;

namespace Elanus.Vectors;

/// <summary>
/// The nearest rows that a walk has met, at most ef of them, sorted, each with a mark that says whether its links were followed. An entry is one
/// number: key (ordered bits), row, mark.
/// </summary>
internal sealed class CandidateList
{
    private ulong[] entries = [];
    private int capacity;
    private int next;

    public int Count { get; private set; }

    public bool IsFull => Count == capacity;

    /// <summary>The key of the last entry; the list is not empty.</summary>
    public float WorstKey => RankedRow.Key(entries[Count - 1]);

    public static int Row(ulong entry) => (int)(uint)entry >> 1;

    public int RowAt(int index) => Row(entries[index]);

    public float KeyAt(int index) => RankedRow.Key(entries[index]);

    public void Reset(int ef)
    {
        capacity = ef;
        Count = 0;
        next = 0;
        if (entries.Length < ef)
        {
            entries = new ulong[ef];
        }
    }

    /// <summary>Whether a key would enter.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public bool Admits(float key) => Count < capacity || key < WorstKey;

    /// <summary>Enters a row that is not in the list; the worst entry leaves where it is full. False where the row itself did not enter.</summary>
    public bool Insert(float key, int row)
    {
        // NaN (of values that overflow) ranks behind everything.
        var entry = RankedRow.Pack(float.IsNaN(key) ? float.PositiveInfinity : key, row << 1);
        var list = entries.AsSpan(0, capacity);
        if (Count == capacity)
        {
            if (entry >= list[Count - 1])
            {
                return false;
            }

            Count--;
        }

        int low = 0, high = Count;
        while (low < high)
        {
            var middle = (low + high) >>> 1;
            if (list[middle] < entry)
            {
                low = middle + 1;
            }
            else
            {
                high = middle;
            }
        }

        list[low..Count].CopyTo(list[(low + 1)..]);
        list[low] = entry;
        Count++;
        next = Math.Min(next, low);
        return true;
    }

    /// <summary>The nearest row whose links were not followed, marked as followed now; -1 where there is none.</summary>
    public int Follow(out float key)
    {
        var row = Peek();
        key = row >= 0 ? RankedRow.Key(entries[next]) : float.NaN;
        if (row >= 0)
        {
            entries[next++] |= 1;
        }

        return row;
    }

    /// <summary>The nearest row whose links were not followed; -1 where there is none.</summary>
    public int Peek()
    {
        while (next < Count && (entries[next] & 1) != 0)
        {
            next++;
        }

        return next < Count ? Row(entries[next]) : -1;
    }
}
