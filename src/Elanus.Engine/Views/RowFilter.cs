using System.Collections.Immutable;
using Elanus.Expressions;
using Elanus.Primitives;

namespace Elanus.Engine;

/// <summary>A filter plan made ready for one read over a collection: with the primary keys, if any, that it is bound to.</summary>
internal sealed class RowFilter
{
    private readonly FieldValue[]? keys;
    private readonly ulong sampleSeed;

    public RowFilter(FilterPlan plan, CollectionSchema schema, ulong sampleSeed)
    {
        Plan = plan;
        Schema = schema;
        this.sampleSeed = sampleSeed;
        var bound = plan.KeysOf(schema.PrimaryKey.Id);
        keys = bound?.Values.ToArray();
        IsKeyList = bound?.IsExact == true;
    }

    public FilterPlan Plan { get; }

    public CollectionSchema Schema { get; }

    /// <summary>Rows of the keys match, and nothing else does: looking them up is all there is to do.</summary>
    public bool IsKeyList { get; }

    /// <summary>The keys outside of which nothing matches, where looking them up in so many rows is less work than a scan; else null.</summary>
    public ReadOnlySpan<FieldValue> KeysFor(int rows, out bool lookUp)
    {
        lookUp = keys is not null && keys.Length <= rows / 8;
        return lookUp ? keys : default;
    }

    /// <summary>Rows that a read of a segment looks at for the filter alone, about.</summary>
    public long WorkIn(int rows)
    {
        var bound = KeysFor(rows, out var lookUp);
        return Plan.AlwaysMatches || Plan.NeverMatches ? 0 : lookUp ? bound.Length : rows;
    }

    /// <summary>What draws a sample of a segment's rows.</summary>
    public ulong SeedOf(SegmentView segment) => sampleSeed ^ (ulong)segment.State.Id.Value;

    /// <summary>Those of some rows that match, by a look at these alone.</summary>
    public ImmutableArray<int> Among(IReadOnlyList<int> rows, SegmentView segment, CancellationToken cancel)
    {
        var picked = new PickedRows(rows, segment, Schema);
        var matches = new Bitset(rows.Count);
        Plan.Evaluate(picked, matches, SeedOf(segment), cancel);
        return [.. rows.Where((_, i) => matches[i])];
    }

    /// <summary>Clears the bits of a chunk's rows that do not meet the conditions; a sample is drawn from all chunks together, afterwards.</summary>
    public void Within(RowChunk chunk, Bitset candidates, CancellationToken cancel)
    {
        // Words of a growing column may hold bits of rows behind the view; they never become part of an answer.
        Plan.MeetConditions(new ChunkRows(chunk, Schema), candidates, cancel);
        candidates.ClearTail();
    }

    private sealed class ChunkRows(RowChunk chunk, CollectionSchema schema) : IRowBlock
    {
        public int Rows => chunk.Rows;

        public ColumnBlock? Column(FieldId field) => schema.Find(field) is { } known ? chunk.Column(known) : null;
    }

    private sealed class PickedRows(IReadOnlyList<int> rows, SegmentView segment, CollectionSchema schema) : IRowBlock
    {
        private readonly Dictionary<FieldId, ColumnBlock> columns = [];

        public int Rows => rows.Count;

        public ColumnBlock? Column(FieldId field)
        {
            if (!columns.TryGetValue(field, out var column) && schema.Find(field) is { } known)
            {
                columns.Add(field, column = segment.Take(rows, known));
            }

            return column;
        }
    }
}
