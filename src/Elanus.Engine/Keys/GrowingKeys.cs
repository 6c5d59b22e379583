using Elanus.Primitives;

namespace Elanus.Engine;

/// <summary>
/// Primary keys of a growing segment: a hash table from key to its newest row, and from each row to the next older one of its key.
/// One writer; readers probe without a lock, since a slot is one 64-bit word that is written after everything it leads to, slots are
/// never emptied, and a reader passes over rows that its view does not hold yet.
/// </summary>
internal sealed class GrowingKeys(GrowingRows rows)
{
    private const int SlotsMin = 64;

    // A slot: the hash's high 32 bits, then row + 1; 0 is empty.
    private ulong[] slots = new ulong[SlotsMin];

    // Row + 1 of the next older row of the same key; 0, or past the array's end, for none.
    private int[] older = [];
    private int used;

    public long Bytes => (slots.Length * (long)sizeof(ulong)) + (older.Length * (long)sizeof(int));

    /// <summary>Adds the next row; answers the row that held the key before, or -1. The writer's thread only.</summary>
    public int Add(in Key key, int row)
    {
        if (used * 2 >= slots.Length)
        {
            Grow();
        }

        var hash = key.Hash;
        var at = Probe(slots, hash, key);
        var found = slots[at];
        var previous = (int)(uint)found - 1;
        if (found == 0)
        {
            used++;
        }
        else
        {
            Chain(row, previous);
        }

        Volatile.Write(ref slots[at], (hash & 0xFFFFFFFF00000000) | (uint)(row + 1));
        return previous;
    }

    /// <summary>The newest row of a key below <paramref name="bound"/>, or -1.</summary>
    public int Newest(in Key key, int bound)
    {
        var table = Volatile.Read(ref slots);
        var row = (int)(uint)Volatile.Read(ref table[Probe(table, key.Hash, key)]) - 1;
        while (row >= bound)
        {
            row = Older(row);
        }

        return row;
    }

    public int Older(int row)
    {
        var chain = Volatile.Read(ref older);
        return row < chain.Length ? chain[row] - 1 : -1;
    }

    /// <summary>The slot of the key, or the empty one where it would stand.</summary>
    private int Probe(ulong[] table, ulong hash, in Key key)
    {
        var mask = table.Length - 1;
        for (var at = (int)(hash >> 32) & mask; ; at = (at + 1) & mask)
        {
            var slot = Volatile.Read(ref table[at]);
            if (slot == 0 || ((slot ^ hash) >> 32 == 0 && rows.KeyAt((int)(uint)slot - 1).Equals(key)))
            {
                return at;
            }
        }
    }

    private void Chain(int row, int previous)
    {
        var chain = older;
        if (row >= chain.Length)
        {
            Array.Resize(ref chain, Math.Max(row + 1, chain.Length * 2));
        }

        chain[row] = previous + 1;
        Volatile.Write(ref older, chain);
    }

    private void Grow()
    {
        Invariant.Holds(slots.Length < 1 << 30, "a growing segment has too many keys");
        var larger = new ulong[slots.Length * 2];
        var mask = larger.Length - 1;
        foreach (var slot in slots)
        {
            if (slot != 0)
            {
                var at = (int)(slot >> 32) & mask;
                while (larger[at] != 0)
                {
                    at = (at + 1) & mask;
                }

                larger[at] = slot;
            }
        }

        Volatile.Write(ref slots, larger);
    }
}
