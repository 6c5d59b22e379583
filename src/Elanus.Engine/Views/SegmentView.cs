using Elanus.Expressions;
using Elanus.Primitives;

namespace Elanus.Engine;

/// <summary>
/// One segment inside a view: which of its rows count (live) and which are answered (visible: live, and the newest of their key among the
/// view's partitions). Bitmaps that would hold every row are null instead. Any thread.
/// </summary>
internal sealed class SegmentView(CollectionSchema schema, SegmentState state, int place, bool hidesCrossed, Bitset? crossedHere)
{
    private readonly RowChunk?[] chunks = new RowChunk?[state.Store.ChunkCount(state.Rows)];

    public SegmentState State => state;

    public RowStore Store => state.Store;

    public int Rows => state.Rows;

    /// <summary>Index of this segment in the view, as row references carry it.</summary>
    public int Place => place;

    public int ChunkCount => chunks.Length;

    public Key KeyAt(int row) => state.Store.KeyAt(row);

    // Two readers may make the same chunk twice; either is right.
    public RowChunk Chunk(int chunk) => chunks[chunk] ??= state.Store.Chunk(chunk, state.Rows);

    public bool IsVisible(int row) =>
        !state.Dead[row] && !state.Shadowed[row] && !(hidesCrossed && state.Crossed[row]) && crossedHere?[row] != true;

    /// <summary>The rows that are answered; null for all.</summary>
    public Bitset? Visible()
    {
        var hidden = state.Dead.Count + state.Shadowed.Count + (hidesCrossed ? state.Crossed.Count : 0);
        if (hidden == 0 && crossedHere is null)
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

        return rows;
    }

    /// <summary>The rows that are counted; null for all.</summary>
    public Bitset? Live()
    {
        if (state.Dead.Count == 0)
        {
            return null;
        }

        var rows = new Bitset(state.Rows, set: true);
        state.Dead.ClearIn(rows.Words, 0);
        return rows;
    }

    /// <summary>Those of the rows given (null: all) that match; null for all rows of the segment. The bitmap given is used up.</summary>
    public Bitset? Matching(FilterPlan filter, Bitset? among, ulong sampleSeed)
    {
        if (filter.AlwaysMatches)
        {
            return among;
        }

        if (filter.NeverMatches)
        {
            return new(state.Rows);
        }

        var candidates = Lookup(filter, ref among) ?? among ?? new(state.Rows, set: true);
        if (chunks.Length == 1)
        {
            Evaluate(filter, Chunk(0), candidates, sampleSeed);
            return candidates;
        }

        for (var c = 0; c < chunks.Length; c++)
        {
            var chunk = Chunk(c);
            var part = new Bitset(chunk.Rows);
            var words = candidates.Words.Slice(chunk.Start / 64, part.Words.Length);
            words.CopyTo(part.Words);
            Evaluate(filter, chunk, part, sampleSeed + (ulong)c);
            part.Words.CopyTo(words);
        }

        return candidates;
    }

    /// <summary>The rows of the keys that the filter is bound to, where looking them up is less work than a scan.</summary>
    private Bitset? Lookup(FilterPlan filter, ref Bitset? among)
    {
        if (filter.KeysOf(schema.PrimaryKey.Id) is not { } keys || keys.Values.Length > state.Rows / 8)
        {
            return null;
        }

        var found = new Bitset(state.Rows);
        foreach (var value in keys.Values)
        {
            var key = Key.From(state.Store.Layout.KeyIsText, value);
            for (var row = state.Store.Newest(key, state.Rows); row >= 0 && !state.Dead[row]; row = state.Store.Older(row))
            {
                found[row] = among?[row] != false;
            }
        }

        among = null;
        return found;
    }

    private void Evaluate(FilterPlan filter, RowChunk chunk, Bitset candidates, ulong sampleSeed)
    {
        // Words of a growing column may hold bits of rows behind the view; they never become part of an answer.
        filter.EvaluateWithin(new FilterRows(schema, chunk), candidates, sampleSeed ^ (ulong)state.Id.Value);
        candidates.ClearTail();
    }

    private sealed class FilterRows(CollectionSchema schema, RowChunk chunk) : IRowBlock
    {
        public int Rows => chunk.Rows;

        public ColumnBlock? Column(FieldId field) => schema.Find(field) is { } known ? chunk.Column(known) : null;
    }
}
