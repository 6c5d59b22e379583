using System.Collections.Immutable;
using Elanus.Primitives;

namespace Elanus.Engine;

/// <summary>Picks the rows with the lowest primary keys, in ascending order.</summary>
internal static class LowestKeys
{
    private const int RowsBetweenCancelChecks = 1 << 16;

    /// <summary>
    /// At most <paramref name="wanted"/> of a segment's rows (null: of all). A packed segment is walked in order of key where that ends
    /// sooner than looking at every match.
    /// </summary>
    public static int[] Of(SegmentView segment, Bitset? rows, int wanted, CancellationToken cancel)
    {
        var matches = rows?.Count() ?? segment.Rows;
        if (matches == 0 || wanted == 0)
        {
            return [];
        }

        if (segment.Store is PackedRows packed && (double)wanted * segment.Rows / matches < matches)
        {
            return Walk(packed, rows, Math.Min(wanted, matches));
        }

        return wanted >= matches ? Sort(segment, All(segment, rows, matches)) : Heap(segment, rows, wanted, cancel);
    }

    /// <summary>The lowest rows of all segments together.</summary>
    public static RowReference[] Merge(ImmutableArray<SegmentView> segments, int[][] lowest, int wanted)
    {
        var rows = new RowReference[Math.Min(wanted, lowest.Sum(l => l.Length))];
        var heads = new PriorityQueue<int, RowReference>(Comparer<RowReference>.Create(
            (a, b) => segments[a.Segment].KeyAt(a.Row).CompareTo(segments[b.Segment].KeyAt(b.Row))));
        var next = new int[lowest.Length];
        for (var s = 0; s < lowest.Length; s++)
        {
            if (lowest[s].Length > 0)
            {
                heads.Enqueue(s, new(s, lowest[s][0]));
            }
        }

        for (var i = 0; i < rows.Length; i++)
        {
            heads.TryDequeue(out var segment, out rows[i]);
            Invariant.Holds(
                i == 0 || segments[rows[i - 1].Segment].KeyAt(rows[i - 1].Row).CompareTo(segments[segment].KeyAt(rows[i].Row)) < 0,
                "a view shows two rows of one key");
            if (++next[segment] < lowest[segment].Length)
            {
                heads.Enqueue(segment, new(segment, lowest[segment][next[segment]]));
            }
        }

        return rows;
    }

    private static int[] Walk(PackedRows packed, Bitset? rows, int wanted)
    {
        var found = new int[wanted];
        var count = 0;
        for (var rank = 0; count < wanted; rank++)
        {
            var row = packed.Keys.RowAt(rank);
            if (rows is null || rows[row])
            {
                found[count++] = row;
            }
        }

        return found;
    }

    private static int[] All(SegmentView segment, Bitset? rows, int matches)
    {
        var all = new int[matches];
        var row = -1;
        for (var i = 0; i < all.Length; i++)
        {
            row = rows is null ? i : rows.NextSet(row + 1);
            all[i] = row;
        }

        return all;
    }

    private static int[] Sort(SegmentView segment, int[] rows)
    {
        if (segment.Store.Layout.KeyIsText)
        {
            Array.Sort(rows, (a, b) => segment.KeyAt(a).CompareTo(segment.KeyAt(b)));
        }
        else
        {
            Array.Sort(Array.ConvertAll(rows, row => segment.KeyAt(row).Number), rows);
        }

        return rows;
    }

    private static int[] Heap(SegmentView segment, Bitset? rows, int wanted, CancellationToken cancel)
    {
        // The greatest of the rows kept stands on top, to be thrown out first.
        var kept = new PriorityQueue<int, int>(wanted, Comparer<int>.Create((a, b) => segment.KeyAt(b).CompareTo(segment.KeyAt(a))));
        var seen = 0;
        for (var row = Next(rows, 0, segment.Rows); row >= 0; row = Next(rows, row + 1, segment.Rows))
        {
            if (++seen % RowsBetweenCancelChecks == 0)
            {
                cancel.ThrowIfCancellationRequested();
            }

            if (kept.Count < wanted)
            {
                kept.Enqueue(row, row);
            }
            else if (segment.KeyAt(row).CompareTo(segment.KeyAt(kept.Peek())) < 0)
            {
                kept.DequeueEnqueue(row, row);
            }
        }

        return Sort(segment, [.. kept.UnorderedItems.Select(item => item.Element)]);
    }

    private static int Next(Bitset? rows, int from, int count) => rows is not null ? rows.NextSet(from) : from < count ? from : -1;
}
