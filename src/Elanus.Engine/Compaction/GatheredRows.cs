using System.Collections.Immutable;
using Elanus.Primitives;

namespace Elanus.Engine;

/// <summary>
/// Rows of several stores that are not cut away, one after another, as the columns of one schema: what <see cref="RowPacking"/> copies. A column of a chunk
/// is made each time it is asked for and kept by nobody. Whoever uses it holds the stores.
/// </summary>
internal sealed class GatheredRows : RowStore
{
    private const int ChunkRows = 8192;

    private readonly CollectionSchema schema;
    private readonly (RowStore Store, int Published)[] sources;
    private readonly int[][] kept;
    private readonly int[] firsts;

    public GatheredRows(SegmentLayout layout, CollectionSchema schema, ImmutableArray<(RowStore Store, int Published, RowMarks.Frozen Cut)> inputs)
        : base(layout)
    {
        this.schema = schema;
        sources = [.. inputs.Select(i => (i.Store, i.Published))];
        kept = [.. inputs.Select(i => Enumerable.Range(0, i.Published).Where(row => !i.Cut[row]).ToArray())];
        firsts = new int[kept.Length + 1];
        for (var i = 0; i < kept.Length; i++)
        {
            firsts[i + 1] = firsts[i] + kept[i].Length;
        }
    }

    public override int Rows => firsts[^1];

    public override long Bytes => kept.Sum(rows => rows.Length * (long)sizeof(int));

    public override int ChunkCount(int rows) => (rows + ChunkRows - 1) / ChunkRows;

    public override int ChunkOf(int row) => row / ChunkRows;

    public override int ChunkStart(int chunk) => chunk * ChunkRows;

    public override RowChunk Chunk(int chunk, int rows) => new Part(this, ChunkStart(chunk), Math.Min(ChunkRows, rows - ChunkStart(chunk)));

    public override Key KeyAt(int row) => sources[SourceOf(row)].Store.KeyAt(RowOf(row));

    public override Timestamp TimestampAt(int row) => sources[SourceOf(row)].Store.TimestampAt(RowOf(row));

    public override int Newest(in Key key, int bound) => throw new InvariantBrokenException("a key was looked up in rows that are being gathered");

    public override int Older(int row) => throw new InvariantBrokenException("a key was looked up in rows that are being gathered");

    public override bool MayHold(KeyRange range) => true;

    protected override void Free()
    {
        // The stores are their holders' own.
    }

    private int SourceOf(int row)
    {
        var source = 0;
        while (row >= firsts[source + 1])
        {
            source++;
        }

        return source;
    }

    private int RowOf(int row)
    {
        var source = SourceOf(row);
        return kept[source][row - firsts[source]];
    }

    private sealed class Part(GatheredRows all, int start, int rows) : RowChunk(all.Layout, start, rows)
    {
        public override ReadOnlySpan<ulong> Timestamps
        {
            get
            {
                var stamps = new ulong[Rows];
                for (var i = 0; i < stamps.Length; i++)
                {
                    stamps[i] = all.TimestampAt(Start + i).Value;
                }

                return stamps;
            }
        }

        public override ColumnBlock ColumnAt(int index)
        {
            var shape = all.Layout.Columns[index];
            var field = all.schema.Fields[index];
            var builder = new ColumnBuilder(shape.Type, shape.ElementType, shape.Dimension, Rows);
            for (var row = Start; row < Start + Rows;)
            {
                var source = all.SourceOf(row);
                var (store, published) = all.sources[source];
                var from = all.kept[source].AsSpan(row - all.firsts[source], Math.Min(Start + Rows, all.firsts[source + 1]) - row);
                row += from.Length;
                while (from.Length > 0)
                {
                    var chunk = store.Chunk(store.ChunkOf(from[0]), published);
                    var column = chunk.Column(field);
                    var taken = 0;
                    for (; taken < from.Length && from[taken] < chunk.Start + chunk.Rows; taken++)
                    {
                        builder.AppendFrom(column, from[taken] - chunk.Start);
                    }

                    from = from[taken..];
                }
            }

            return builder.Build();
        }
    }
}
