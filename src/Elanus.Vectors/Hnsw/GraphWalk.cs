using Elanus.Primitives;

namespace Elanus.Vectors;

/// <summary>The walks over a graph's layers that searching and building share. Algorithms 2 and 5 of Malkov and Yashunin (2016).</summary>
internal readonly unsafe struct GraphWalk(HnswImage image, WalkRows rows)
{
    /// <summary>Goes from layer to layer down to one above the given layer, each time to the nearest row; returns it and its key.</summary>
    public (int Row, float Key) Descend(in Probe query, int downTo, WalkScratch scratch)
    {
        var row = image.Header.Entry;
        var key = KeyOf(query, row, scratch);
        for (var level = image.Header.MaxLevel; level > downTo; level--)
        {
            for (var moved = true; moved;)
            {
                moved = false;
                var links = image.UpperLinks(row, level);
                var count = 0;
                while (count < image.Layout.UpperStride && links[count] >= 0)
                {
                    count++;
                }

                rows.CompareFar(query, links, count, scratch.Keys);
                for (var i = 0; i < count; i++)
                {
                    if (scratch.Keys[i] < key)
                    {
                        key = scratch.Keys[i];
                        row = links[i];
                        moved = true;
                    }
                }
            }
        }

        return (row, key);
    }

    /// <summary>
    /// Fills the scratch's candidates with the ef nearest rows that are met on a layer, starting from one. Stops early, and says so by false,
    /// after about as many comparisons as the budget allows.
    /// </summary>
    public bool Nearest(in Probe query, int level, (int Row, float Key) start, int ef, long budget, WalkScratch scratch)
    {
        var candidates = scratch.Candidates;
        candidates.Reset(ef);
        scratch.Visited.Clear();
        scratch.Visited.Mark(start.Row);
        candidates.Insert(start.Key, start.Row);
        for (var row = candidates.Follow(out _); row >= 0; row = candidates.Follow(out _))
        {
            if (level == 0)
            {
                PrefetchLinks(candidates.Peek());
            }

            var count = Unvisited(row, level, scratch);
            rows.Compare(query, scratch.Numbers, count, scratch.Keys);
            for (var i = 0; i < count; i++)
            {
                if (candidates.Admits(scratch.Keys[i]))
                {
                    candidates.Insert(scratch.Keys[i], scratch.Numbers[i]);
                }
            }

            if ((budget -= count) < 0)
            {
                return false;
            }
        }

        return true;
    }

    /// <summary>
    /// The same on the lowest layer, where only rows that a bitmap lets through (or that have such a twin) become candidates, while all rows lead on:
    /// the reach nearest ones are followed until no allowed row can be nearer. Also false where the reach did not suffice to fill the candidates.
    /// </summary>
    public bool NearestAllowed(in Probe query, (int Row, float Key) start, int ef, int reach, Bitset allowed, long budget, WalkScratch scratch)
    {
        var candidates = scratch.Candidates;
        var frontier = scratch.Frontier;
        candidates.Reset(ef);
        frontier.Reset(reach);
        scratch.Visited.Clear();
        scratch.Visited.Mark(start.Row);
        Meet(start.Row, start.Key, allowed, scratch);
        for (var row = frontier.Follow(out var key); row >= 0 && candidates.Admits(key); row = frontier.Follow(out key))
        {
            PrefetchLinks(frontier.Peek());
            var count = Unvisited(row, 0, scratch);
            rows.Compare(query, scratch.Numbers, count, scratch.Keys);
            for (var i = 0; i < count; i++)
            {
                if (candidates.Admits(scratch.Keys[i]))
                {
                    Meet(scratch.Numbers[i], scratch.Keys[i], allowed, scratch);
                }
            }

            if ((budget -= count) < 0)
            {
                return false;
            }
        }

        return candidates.IsFull;
    }

    private void Meet(int row, float key, Bitset allowed, WalkScratch scratch)
    {
        scratch.Frontier.Insert(key, row);
        for (var twin = row; twin >= 0; twin = image.NextTwin(twin))
        {
            if (allowed[twin])
            {
                scratch.Candidates.Insert(key, row);
                break;
            }
        }
    }

    /// <summary>Asks for the links of the row that is most often followed next; they are far away.</summary>
    private void PrefetchLinks(int row)
    {
        if (row >= 0)
        {
            CacheLines.Prefetch((byte*)image.BaseLinks(row), (nint)image.Layout.BaseStride * sizeof(int));
        }
    }

    private float KeyOf(in Probe query, int row, WalkScratch scratch)
    {
        scratch.Numbers[0] = row;
        rows.Compare(query, scratch.Numbers, 1, scratch.Keys);
        return scratch.Keys[0];
    }

    /// <summary>Puts the linked rows that were not met before into the scratch's numbers, marks them, and asks for their memory.</summary>
    private int Unvisited(int row, int level, WalkScratch scratch)
    {
        var links = level == 0 ? image.BaseLinks(row) : image.UpperLinks(row, level);
        var end = links + (level == 0 ? image.Layout.BaseStride : image.Layout.UpperStride);
        var count = 0;
        for (; links < end && *links >= 0; links++)
        {
            if (scratch.Visited.Mark(*links))
            {
                rows.Prefetch(*links);
                scratch.Numbers[count++] = *links;
            }
        }

        return count;
    }
}
