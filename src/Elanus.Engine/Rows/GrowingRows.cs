using Elanus.Primitives;

namespace Elanus.Engine;

/// <summary>
/// Rows that are still being appended, in chunks. One writer; readers see rows below the count of their view, without a lock. The list
/// of chunks is replaced when it grows and published before the rows in a new chunk are.
/// </summary>
internal sealed class GrowingRows : RowStore
{
    private readonly GrowingKeys keys;
    private readonly bool keyIsText;
    private GrowingChunk[] chunks = [];
    private int chunkCount;
    private int rows;
    private KeyRange range = KeyRange.Nothing;

    public GrowingRows(SegmentLayout layout)
        : base(layout)
    {
        keys = new(this);
        keyIsText = layout.KeyIsText;
    }

    public override int Rows => Volatile.Read(ref rows);

    public override long Bytes
    {
        get
        {
            var all = Volatile.Read(ref chunks);
            return keys.Bytes + all.Sum(chunk => chunk?.Bytes ?? 0);
        }
    }

    /// <summary>
    /// Appends the rows of one source a column, at one timestamp for all or one for each. <paramref name="replaced"/> is called with
    /// (new row, older row) for each key that was here before. The writer's thread only.
    /// </summary>
    public void Append(ReadOnlySpan<ColumnSource> sources, int count, ReadOnlySpan<ulong> timestamps, KeyRange added, Action<int, int> replaced)
    {
        for (var from = 0; from < count;)
        {
            var chunk = Layout.ChunkOf(rows);
            if (chunk == chunkCount)
            {
                AddChunk();
            }

            var part = Math.Min(count - from, chunks[chunk].Free);
            chunks[chunk].Append(sources, from, part, timestamps.Length == 1 ? timestamps : timestamps.Slice(from, part));
            for (var row = rows; row < rows + part; row++)
            {
                var older = keys.Add(KeyAt(row), row);
                if (older >= 0)
                {
                    replaced(row, older);
                }
            }

            Volatile.Write(ref rows, rows + part);
            from += part;
        }

        range = range.With(added);
    }

    public override int ChunkCount(int rows) => Layout.ChunkCount(rows);

    public override int ChunkOf(int row) => Layout.ChunkOf(row);

    public override int ChunkStart(int chunk) => Layout.ChunkStart(chunk);

    public override RowChunk Chunk(int chunk, int rows)
    {
        var start = Layout.ChunkStart(chunk);
        return new Part(Layout, Volatile.Read(ref chunks)[chunk], start, Math.Min(rows - start, Layout.ChunkRows(chunk)));
    }

    public override Key KeyAt(int row)
    {
        var chunk = Layout.ChunkOf(row);
        return Key.From(keyIsText, Volatile.Read(ref chunks)[chunk].Value(Layout.KeyColumn, row - Layout.ChunkStart(chunk)));
    }

    public override Timestamp TimestampAt(int row)
    {
        var chunk = Layout.ChunkOf(row);
        var within = row - Layout.ChunkStart(chunk);
        return new(Volatile.Read(ref chunks)[chunk].Timestamps(within + 1)[within]);
    }

    public override int Newest(in Key key, int bound) => keys.Newest(key, bound);

    public override int Older(int row) => keys.Older(row);

    public override bool MayHold(KeyRange range) => this.range.Meets(range);

    protected override void Free()
    {
        foreach (var chunk in chunks.AsSpan(0, chunkCount))
        {
            chunk.Dispose();
        }
    }

    private void AddChunk()
    {
        var all = chunks;
        if (chunkCount == all.Length)
        {
            Array.Resize(ref all, Math.Max(4, all.Length * 2));
        }

        all[chunkCount] = new(Layout, Layout.ChunkRows(chunkCount));
        chunkCount++;
        Volatile.Write(ref chunks, all);
    }

    private sealed class Part(SegmentLayout layout, GrowingChunk chunk, int start, int rows) : RowChunk(layout, start, rows)
    {
        private readonly ColumnBlock?[] columns = new ColumnBlock?[layout.Columns.Length];

        public override ReadOnlySpan<ulong> Timestamps => chunk.Timestamps(Rows);

        // Two readers may make the same column twice; either is right.
        public override ColumnBlock ColumnAt(int index) => columns[index] ??= chunk.Column(index, Rows);
    }
}
