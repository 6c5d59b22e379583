using Elanus.Primitives;

namespace Elanus.Engine;

/// <summary>
/// The rows of one segment and their primary keys, in insert order, behind one face whether they still grow, lie packed in memory, or
/// are mapped from files. Rows below a count that a reader was given never change. Freed with its last holder.
/// </summary>
internal abstract class RowStore(SegmentLayout layout) : Counted
{
    public SegmentLayout Layout => layout;

    /// <summary>Rows appended; readers use the count that their view gives them, which is never above.</summary>
    public abstract int Rows { get; }

    /// <summary>Bytes held, native and managed.</summary>
    public abstract long Bytes { get; }

    /// <summary>Chunks over the first <paramref name="rows"/> rows.</summary>
    public abstract int ChunkCount(int rows);

    public abstract int ChunkOf(int row);

    public abstract int ChunkStart(int chunk);

    /// <summary>Columns of one chunk, cut at <paramref name="rows"/> of the whole store.</summary>
    public abstract RowChunk Chunk(int chunk, int rows);

    public abstract Key KeyAt(int row);

    public abstract Timestamp TimestampAt(int row);

    /// <summary>The first of a number of rows that was inserted at or after a moment, or that number: timestamps never fall within a segment.</summary>
    public int FirstNotBefore(Timestamp moment, int rows)
    {
        int low = 0, high = rows;
        while (low < high)
        {
            var middle = (low + high) >>> 1;
            (low, high) = TimestampAt(middle) < moment ? (middle + 1, high) : (low, middle);
        }

        return low;
    }

    /// <summary>The newest row of a key among the first <paramref name="bound"/>, or -1.</summary>
    public abstract int Newest(in Key key, int bound);

    /// <summary>The next older row of the same key, or -1.</summary>
    public abstract int Older(int row);

    /// <summary>False where no key of the range can be here; always true for text keys.</summary>
    public abstract bool MayHold(KeyRange range);
}
