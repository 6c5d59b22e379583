using Elanus.Primitives;

namespace Elanus.Engine;

/// <summary>
/// One segment inside a view: which of its rows count (live; rows before the first have expired) and which are answered (visible: live, and the newest of their key among the
/// view's partitions). Any thread.
/// </summary>
internal sealed class SegmentView(SegmentState state, int place, int first, bool hidesCrossed, Bitset? crossedHere)
{
    private readonly RowChunk?[] chunks = new RowChunk?[state.Store.ChunkCount(state.Rows)];

    public SegmentState State => state;

    public RowStore Store => state.Store;

    public int Rows => state.Rows;

    public int LiveRows => first == 0 ? state.LiveRows : state.Rows - first - state.Dead.CountFrom(first);

    /// <summary>Index of this segment in the view, as row references carry it.</summary>
    public int Place => place;

    public int ChunkCount => chunks.Length;

    public Key KeyAt(int row) => state.Store.KeyAt(row);

    // Two readers may make the same chunk twice; either is right.
    public RowChunk Chunk(int chunk) => chunks[chunk] ??= state.Store.Chunk(chunk, state.Rows);

    public bool IsVisible(int row) =>
        row >= first && !state.Dead[row] && !state.Shadowed[row] && !(hidesCrossed && state.Crossed[row]) && crossedHere?[row] != true;

    /// <summary>The rows that are answered; null for all.</summary>
    public Bitset? Visible()
    {
        var hidden = state.Dead.Count + state.Shadowed.Count + (hidesCrossed ? state.Crossed.Count : 0);
        if (hidden == 0 && crossedHere is null && first == 0)
        {
            return null;
        }

        var rows = new Bitset(state.Rows, set: true);
        state.Dead.ClearIn(rows.Words, 0);
        state.Shadowed.ClearIn(rows.Words, 0);
        if (hidesCrossed)
        {
            state.Crossed.ClearIn(rows.Words, 0);
        }

        if (crossedHere is not null)
        {
            rows.AndNot(crossedHere);
        }

        ClearExpired(rows);

        return rows;
    }

    /// <summary>Visible rows that match.</summary>
    public RowSet Matching(RowFilter filter, CancellationToken cancel) =>
        LookedUp(filter, visibleOnly: true, cancel) is { } few ? RowSet.Of(state.Rows, few) : RowSet.Of(state.Rows, Scanned(filter, Visible(), cancel));

    /// <summary>How many live rows match.</summary>
    public long CountLive(RowFilter filter, CancellationToken cancel)
    {
        if (filter.Plan.AlwaysMatches)
        {
            return LiveRows;
        }

        if (LookedUp(filter, visibleOnly: false, cancel) is { } few)
        {
            return few.Count;
        }

        Bitset? live = null;
        if (state.Dead.Count > 0 || first > 0)
        {
            live = new(state.Rows, set: true);
            state.Dead.ClearIn(live.Words, 0);
            ClearExpired(live);
        }

        return RowSet.Of(state.Rows, Scanned(filter, live, cancel)).Count;
    }

    /// <summary>Values of some rows.</summary>
    public ColumnBlock Take(IReadOnlyList<int> rows, FieldSchema field)
    {
        var shape = ColumnLayout.Of(field);
        var builder = new ColumnBuilder(shape.Type, shape.ElementType, shape.Dimension, rows.Count);
        foreach (var row in rows)
        {
            var chunk = Chunk(state.Store.ChunkOf(row));
            builder.AppendFrom(chunk.Column(field), row - chunk.Start);
        }

        return builder.Build();
    }

    private void ClearExpired(Bitset rows)
    {
        rows.Words[..(first >> 6)].Clear();
        if ((first & 63) != 0)
        {
            rows.Words[first >> 6] &= ulong.MaxValue << first;
        }
    }

    /// <summary>Those of the rows given (null: all) that match; null for all rows of the segment. The bitmap given is used up.</summary>
    private Bitset? Scanned(RowFilter filter, Bitset? among, CancellationToken cancel)
    {
        if (filter.Plan.AlwaysMatches)
        {
            return among;
        }

        if (filter.Plan.NeverMatches)
        {
            return new(state.Rows);
        }

        var candidates = among ?? new(state.Rows, set: true);
        if (chunks.Length == 1)
        {
            filter.Within(Chunk(0), candidates, cancel);
            filter.Plan.Sample(candidates, filter.SeedOf(this));
            return candidates;
        }

        for (var c = 0; c < chunks.Length; c++)
        {
            var chunk = Chunk(c);
            var part = new Bitset(chunk.Rows);
            var words = candidates.Words.Slice(chunk.Start / 64, part.Words.Length);
            words.CopyTo(part.Words);
            filter.Within(chunk, part, cancel);
            part.Words.CopyTo(words);
        }

        filter.Plan.Sample(candidates, filter.SeedOf(this));
        return candidates;
    }

    /// <summary>The matching rows, ascending, by way of the keys that the filter is bound to; null where a scan is less work.</summary>
    private IReadOnlyList<int>? LookedUp(RowFilter filter, bool visibleOnly, CancellationToken cancel)
    {
        var keys = filter.KeysFor(state.Rows, out var lookUp);
        if (!lookUp)
        {
            return null;
        }

        var found = new List<int>();
        foreach (var value in keys)
        {
            cancel.ThrowIfCancellationRequested();
            var key = Key.From(state.Store.Layout.KeyIsText, value);

            // Behind a dead row all older ones of its key are dead.
            for (var row = state.Store.Newest(key, state.Rows); row >= first && !state.Dead[row]; row = state.Store.Older(row))
            {
                if (!visibleOnly || IsVisible(row))
                {
                    found.Add(row);
                }
            }
        }

        found.Sort();
        return filter.IsKeyList || found.Count == 0 ? found : filter.Among(found, this, cancel);
    }
}
