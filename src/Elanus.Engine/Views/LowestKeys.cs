using System.Collections.Immutable;
using Elanus.Primitives;

namespace Elanus.Engine;

/// <summary>Picks the rows with the lowest primary keys, in ascending order.</summary>
internal static class LowestKeys
{
    private const int RowsBetweenCancelChecks = 1 << 16;

    /// <summary>Rows looked at to find the lowest of all visible ones, about.</summary>
    public static int WorkOf(SegmentView segment, int wanted) => segment.Store is PackedRows ? Math.Min(wanted, segment.Rows) : segment.Rows;

    /// <summary>
    /// At most <paramref name="wanted"/> of a segment's rows that match. A packed segment is walked in order of key where that ends
    /// sooner than looking at every match.
    /// </summary>
    public static int[] Of(SegmentView segment, RowFilter filter, int wanted, CancellationToken cancel)
    {
        if (wanted == 0)
        {
            return [];
        }

        var packed = segment.Store as PackedRows;
        if (packed is not null && filter.Plan.AlwaysMatches)
        {
            return Walk(packed, segment.IsVisible, Math.Min(wanted, segment.Rows), cancel);
        }

        var rows = segment.Matching(filter, cancel);
        var matches = rows.Count;
        if (rows.Few is { } few)
        {
            var all = Sort(segment, [.. few]);
            return all.Length > wanted ? all[..wanted] : all;
        }

        if (matches == 0)
        {
            return [];
        }

        if (packed is not null && (double)wanted * segment.Rows / matches < matches)
        {
            return Walk(packed, row => rows.Bits?[row] != false, Math.Min(wanted, matches), cancel);
        }

        return wanted >= matches ? Sort(segment, All(rows, matches)) : Heap(segment, rows, wanted, cancel);
    }

    /// <summary>The lowest rows of all segments together.</summary>
    public static RowReference[] Merge(ImmutableArray<SegmentView> segments, int[][] lowest, int wanted, CancellationToken cancel)
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
            if (i % RowsBetweenCancelChecks == 0)
            {
                cancel.ThrowIfCancellationRequested();
            }

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

    /// <summary>The first rows in order of key that pass; as many as wanted, or as there are.</summary>
    private static int[] Walk(PackedRows packed, Func<int, bool> passes, int wanted, CancellationToken cancel)
    {
        var found = new List<int>(Math.Min(wanted, 1024));
        for (var rank = 0; rank < packed.Rows && found.Count < wanted; rank++)
        {
            if (rank % RowsBetweenCancelChecks == 0)
            {
                cancel.ThrowIfCancellationRequested();
            }

            var row = packed.Keys.RowAt(rank);
            if (passes(row))
            {
                found.Add(row);
            }
        }

        return [.. found];
    }

    private static int[] All(RowSet rows, int matches)
    {
        var all = new int[matches];
        var row = -1;
        for (var i = 0; i < all.Length; i++)
        {
            row = rows.Next(row + 1);
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

    private static int[] Heap(SegmentView segment, RowSet rows, int wanted, CancellationToken cancel)
    {
        // The greatest of the rows kept stands on top, to be thrown out first.
        var kept = new PriorityQueue<int, int>(wanted, Comparer<int>.Create((a, b) => segment.KeyAt(b).CompareTo(segment.KeyAt(a))));
        var seen = 0;
        for (var row = rows.Next(0); row >= 0; row = rows.Next(row + 1))
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
}
