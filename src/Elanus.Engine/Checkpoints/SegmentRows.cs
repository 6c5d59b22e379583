using System.Runtime.InteropServices;
using Elanus.Primitives;

namespace Elanus.Engine;

/// <summary>
/// Marks and rows of one segment as bytes (docs/formats.md): three lists of pages of marks, then, unless a file holds the rows, blocks of them, each with
/// its timestamps and columns. Blocks are small, so that writing needs little memory beside the rows.
/// </summary>
internal static class SegmentRows
{
    private const int BlockRowsMax = 16_384;
    private const int BlockRowsMin = 64;
    private const long BlockBytesMax = 8L << 20;

    /// <summary>The bytes in order, a part at a time; a part is made when it is asked for.</summary>
    public static IEnumerable<IReadOnlyList<ReadOnlyMemory<byte>>> Write(SegmentState segment)
    {
        yield return Marks([segment.Dead, segment.Shadowed, segment.Crossed]);
        for (var c = 0; segment.OwnFile is null && c < segment.Store.ChunkCount(segment.Rows); c++)
        {
            var chunk = segment.Store.Chunk(c, segment.Rows);
            var columns = Enumerable.Range(0, segment.Store.Layout.Columns.Length).Select(chunk.ColumnAt).ToArray();
            for (var from = 0; from < chunk.Rows;)
            {
                var rows = BlockRows(columns, from, chunk.Rows - from);
                yield return Head(chunk, from, rows);
                for (var i = 0; i < columns.Length; i++)
                {
                    var payload = new PayloadWriter();
                    ColumnCodec.Write(payload, segment.Store.Layout.Columns[i].Field, new ColumnSlice(columns[i], from, rows));
                    yield return payload.Build();
                }

                from += rows;
            }
        }
    }

    /// <summary>Bytes of the rows that are written: their values and timestamps.</summary>
    public static long ValueBytes(SegmentState segment)
    {
        long bytes = 0;
        for (var c = 0; segment.OwnFile is null && c < segment.Store.ChunkCount(segment.Rows); c++)
        {
            var chunk = segment.Store.Chunk(c, segment.Rows);
            bytes += ((long)chunk.Rows * sizeof(ulong)) + Enumerable.Range(0, segment.Store.Layout.Columns.Length).Sum(column => BytesOf(chunk, column));
        }

        return bytes;
    }

    /// <summary>Lists of marked rows, one after another.</summary>
    public static IReadOnlyList<ReadOnlyMemory<byte>> Marks(IEnumerable<RowMarks.Frozen> lists)
    {
        var payload = new PayloadWriter();
        foreach (var marks in lists)
        {
            var pages = marks.Pages().ToList();
            payload.Int32(pages.Count);
            payload.Int32(0);
            foreach (var (page, words) in pages)
            {
                payload.Int32(page);
                payload.Int32(0);
                payload.Bytes(MemoryMarshal.AsBytes(words.Span).ToArray());
            }
        }

        return payload.Build();
    }

    /// <summary>Puts rows into a growing segment that has none.</summary>
    /// <exception cref="RecordCorruptException">The bytes are not those of such a segment.</exception>
    public static void Read(RowWindow window, CapturedSegment described, Segment segment)
    {
        var store = (GrowingRows)segment.Store;
        var layout = store.Layout;
        while (store.Rows < described.Rows)
        {
            var head = window.Reader();
            var rows = head.Int32();
            PayloadReader.Require(head.Int32() == 0 && rows > 0 && rows <= described.Rows - store.Rows, "a block of rows has an impossible size");
            var timestamps = MemoryMarshal.Cast<byte, ulong>(head.Bytes((long)rows * sizeof(ulong)).Span);
            window.Skip(head.Consumed);
            var sources = new ColumnSource[layout.Columns.Length];
            var bytes = new long[sources.Length];
            for (var c = 0; c < sources.Length; c++)
            {
                var payload = window.Reader();
                var (field, column) = ColumnCodec.Read(ref payload);
                window.Skip(payload.Consumed);
                PayloadReader.Require(
                    field == layout.Columns[c].Field && layout.Columns[c].Fits(column) && column.Rows == rows,
                    $"column {field} of segment {described.Id} is not the one described");
                sources[c] = new(column, null);
                bytes[c] = column.Values.Length;
            }

            var keys = sources[layout.KeyColumn].Column!;
            store.Append(sources, rows, rows == 1 ? [timestamps[0]] : timestamps, KeyRange.Of(keys), static (_, _) => { });
            segment.Took(bytes);
        }
    }

    /// <summary>Reads one list into marks that are empty.</summary>
    /// <exception cref="RecordCorruptException">The bytes are no list for so many rows.</exception>
    public static void ReadMarks(RowWindow window, SegmentId segment, int rows, RowMarks marks)
    {
        const int pageBytes = RowMarks.WordsPerPage * sizeof(ulong);
        var payload = window.Reader();
        var count = payload.Count(pageBytes + 8);
        PayloadReader.Require(payload.Int32() == 0, "a list of marks is damaged");
        var before = -1;
        for (var i = 0; i < count; i++)
        {
            var page = payload.Int32();
            PayloadReader.Require(
                payload.Int32() == 0 && page > before && (long)page * RowMarks.RowsPerPage < rows, $"marks of segment {segment} are out of place");
            var words = MemoryMarshal.Cast<byte, ulong>(payload.Bytes(pageBytes).Span);
            before = page;
            var end = Math.Min(rows - (page * RowMarks.RowsPerPage), RowMarks.RowsPerPage);
            PayloadReader.Require(
                ((end & 63) == 0 || words[end >> 6] >> (end & 63) == 0) && words[((end + 63) >> 6)..].IndexOfAnyExcept(0UL) < 0,
                $"a row that segment {segment} does not have is marked");

            marks.Load(page, words);
        }

        window.Skip(payload.Consumed);
    }

    private static IReadOnlyList<ReadOnlyMemory<byte>> Head(RowChunk chunk, int from, int rows)
    {
        var payload = new PayloadWriter();
        payload.Int32(rows);
        payload.Int32(0);
        payload.Bytes(MemoryMarshal.AsBytes(chunk.Timestamps.Slice(from, rows)).ToArray());
        return payload.Build();
    }

    /// <summary>As many rows as keep a block near its size; a multiple of 64, but for the last block of a chunk.</summary>
    private static int BlockRows(ColumnBlock[] columns, int from, int left)
    {
        var rows = Math.Min(left, BlockRowsMax);
        while (rows > BlockRowsMin && columns.Max(column => BytesOf(column, from, rows)) > BlockBytesMax)
        {
            rows = Math.Max(BlockRowsMin, rows / 2 & -64);
        }

        return rows;
    }

    private static long BytesOf(RowChunk chunk, int column) => BytesOf(chunk.ColumnAt(column), 0, chunk.Rows);

    private static long BytesOf(ColumnBlock column, int from, int rows) =>
        column.Type.IsVariable() ? column.Offsets[from + rows] - column.Offsets[from] : (long)rows * column.Type.Width(column.Dimension);
}
